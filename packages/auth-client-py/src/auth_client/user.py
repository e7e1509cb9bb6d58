"""The signed-in user, from a token's claims."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from unicodedata import category

MAX_SUB: Final = 255
"""OpenID Connect Core 1.0, section 2: `sub` must not be longer."""


class ClaimError(Exception):
    """A claim is not what it has to be. The message names the claim, not its value."""


@dataclass(frozen=True, slots=True)
class User:
    """A person who signed in. Only their `sub` never changes: keep that in tables."""

    sub: str
    name: str
    """What to call them: the full name, else the user name, the address, or `sub`."""
    username: str | None = None
    email: str | None = None
    groups: frozenset[str] = field(default_factory=frozenset)

    def is_in_any(self, groups: Iterable[str]) -> bool:
        return not self.groups.isdisjoint(groups)

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any], groups_claim: str = "groups") -> "User":
        """Reads the claims of a token that has been verified; raises ClaimError."""
        sub = claims.get("sub")
        if not isinstance(sub, str) or not 0 < len(sub) <= MAX_SUB or not sub.isprintable():
            raise ClaimError("sub")
        groups = claims.get(groups_claim)
        groups = [] if groups is None else groups
        if not isinstance(groups, list) or not all(_is_text(group) for group in groups):
            raise ClaimError(groups_claim)
        username = _text(claims, "preferred_username")
        email = _text(claims, "email")
        name = _text(claims, "name") or username or email or sub
        return cls(sub=sub, name=name, username=username, email=email, groups=frozenset(groups))


def _text(claims: Mapping[str, Any], claim: str) -> str | None:
    value = claims.get(claim)
    if value is not None and not _is_text(value):
        raise ClaimError(claim)
    return value or None


def _is_text(value: object) -> bool:
    """Whether it is text without control characters, such as NUL, which no database takes."""
    return isinstance(value, str) and not any(category(letter) == "Cc" for letter in value)
