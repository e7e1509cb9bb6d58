"""Who is signed in."""

from fastapi import APIRouter

from src.deps import UserDep
from src.schemas import Me

router = APIRouter(tags=["me"])


@router.get("/me")
def get_me(user: UserDep) -> Me:
    """The user, as their token says it."""
    return Me(sub=user.sub, name=user.name, email=user.email, groups=sorted(user.groups))
