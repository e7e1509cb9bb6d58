"""Prints the API's OpenAPI document: `python -m src.openapi`. Needs no environment, no database."""

import json
import sys

from pydantic import SecretStr

from src.main import create_app
from src.settings import Settings


def document() -> str:
    """The same on every machine: what the environment decides is not part of it."""
    settings = Settings.model_construct(
        app_name="template-app",
        app_slug="template-app",
        oidc_issuer="http://auth.localhost/application/o/template-app/",
        oidc_client_id="template-app",
        oidc_internal_origin="",
        oidc_algorithms=("RS256",),
        auth_groups=(),
        portal_url="",
        api_docs=False,
        max_body_bytes=1024 * 1024,
        database_host="db",
        database_port=5432,
        database_name="db",
        database_user="db",
        database_password=SecretStr(""),
    )
    return json.dumps(create_app(settings).openapi(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
