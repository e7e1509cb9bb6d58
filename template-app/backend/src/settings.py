"""What the environment decides. Every variable is set by docker-compose.yml."""

from typing import Self

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL


class Settings(BaseSettings):
    """Read from variables of the same names in upper case; a missing one stops the start."""

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True)

    app_name: str = Field(min_length=1)

    database_host: str = Field(min_length=1)
    database_port: int = Field(default=5432, ge=1, le=65535)
    database_name: str = Field(min_length=1)
    database_user: str = Field(min_length=1)
    database_password: SecretStr

    @classmethod
    def from_environment(cls) -> Self:
        return cls.model_validate({})

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
