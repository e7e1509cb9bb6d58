"""The page's configuration before the sign-in, so that one image works everywhere."""

from fastapi import APIRouter

from src.deps import SettingsDep
from src.schemas import AppConfig, OidcClient

router = APIRouter(tags=["config"])


@router.get("/config")
def get_config(settings: SettingsDep) -> AppConfig:
    """Where to sign in, and what the app is called."""
    return AppConfig(
        app_name=settings.app_name,
        slug=settings.app_slug,
        oidc=OidcClient(issuer=settings.oidc_issuer, client_id=settings.oidc_client_id),
        portal_url=settings.portal_url,
    )
