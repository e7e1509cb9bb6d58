"""The settings from the environment. docker-compose.yml sets every variable."""

import sys
from typing import Annotated, Literal, Self

from auth_client import Algorithm, OidcSettings
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import URL


class Settings(BaseSettings):
    """Read from variables of the same names in upper case; a missing one stops the start."""

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True)

    app_name: str = Field(min_length=1)
    app_slug: str = Field(min_length=1)

    oidc_issuer: str = Field(min_length=1)
    oidc_client_id: str = Field(min_length=1)
    oidc_internal_origin: str = ""
    """The issuer's address inside the network, if it differs; empty for its own address."""
    # NoDecode: these are written `a, b`, not as JSON.
    oidc_algorithms: Annotated[tuple[Algorithm, ...], NoDecode] = ("RS256",)
    auth_groups: Annotated[tuple[str, ...], NoDecode] = ()
    """A user needs one of them; without any, everyone who signed in may use the app."""

    sign_in: Literal["dev", "authentik"] = "dev"
    """Which sign-in service there is: services/auth-dev or services/auth."""

    portal_url: str = ""
    """The portal's address; empty for no portal."""
    api_docs: bool = False
    """Whether /api/docs exists. It loads scripts from other hosts, so only in development."""

    max_body_bytes: int = Field(ge=1)
    """How large the body of a request may be."""

    database_host: str = Field(min_length=1)
    database_port: int = Field(default=5432, ge=1, le=65535)
    database_name: str = Field(min_length=1)
    database_user: str = Field(min_length=1)
    database_password: SecretStr
    database_connect_timeout: int = Field(default=3, ge=2)
    """How long a connection may take to be made, in seconds."""
    database_statement_timeout: int = Field(default=5, ge=1)
    """How long a statement may take, in seconds."""

    @field_validator("oidc_algorithms", "auth_groups", mode="before")
    @classmethod
    def split_at_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @classmethod
    def from_environment(cls) -> Self:
        """On an error it ends the process, with a message that holds no value."""
        try:
            return cls.model_validate({})
        except ValidationError as error:
            wrong = [f"{part['loc'][0]}".upper() + f": {part['msg']}" for part in error.errors()]
            sys.exit(f"the environment can't be used: {'; '.join(wrong)}")

    @property
    def oidc(self) -> OidcSettings:
        return OidcSettings(
            issuer=self.oidc_issuer,
            client_id=self.oidc_client_id,
            internal_origin=self.oidc_internal_origin or None,
            algorithms=self.oidc_algorithms,
            # What each of the two writes into its access tokens.
            token_type="at+jwt" if self.sign_in == "dev" else "JWT",
        )

    @property
    def database_url(self) -> URL:
        """Made of parts, so that a password may hold any character."""
        return URL.create(
            "postgresql+psycopg",
            username=self.database_user,
            password=self.database_password.get_secret_value(),
            host=self.database_host,
            port=self.database_port,
            database=self.database_name,
        )
