import pytest

from src.settings import Settings

from .conftest import environment_of


def test_the_environment_is_read(
    settings_without_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment_of(settings_without_database).items():
        monkeypatch.setenv(name, value)

    assert Settings.from_environment() == settings_without_database


def test_lists_are_written_with_commas(
    settings_without_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment_of(settings_without_database).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AUTH_GROUPS", " a ,, b c,")
    monkeypatch.setenv("OIDC_ALGORITHMS", "ES256,RS256")

    settings = Settings.from_environment()

    assert settings.auth_groups == ("a", "b c")
    assert settings.oidc.algorithms == ("ES256", "RS256")
    assert settings.oidc.internal_origin is None

    monkeypatch.setenv("AUTH_GROUPS", "")
    assert Settings.from_environment().auth_groups == ()


def test_a_symmetric_algorithm_is_refused(
    settings_without_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment_of(settings_without_database).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OIDC_ALGORITHMS", "HS256")

    with pytest.raises(SystemExit, match="OIDC_ALGORITHMS"):
        Settings.from_environment()


def test_what_is_missing_is_named_at_once_and_without_values(
    settings_without_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment_of(settings_without_database).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("OIDC_ISSUER")
    monkeypatch.setenv("DATABASE_PORT", "s3cret")

    with pytest.raises(SystemExit) as caught:
        Settings.from_environment()

    assert "OIDC_ISSUER: Field required" in str(caught.value)
    assert "DATABASE_PORT: " in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_the_password_is_in_no_text_of_the_settings(settings_without_database: Settings) -> None:
    password = settings_without_database.database_password.get_secret_value()

    assert password not in repr(settings_without_database)
    assert password not in str(settings_without_database.database_url)
    assert settings_without_database.database_url.password == password


@pytest.mark.parametrize(("sign_in", "token_type"), [("dev", "at+jwt"), ("authentik", "JWT")])
def test_the_sign_in_says_which_tokens_there_are(
    settings_without_database: Settings, sign_in: str, token_type: str
) -> None:
    settings = settings_without_database.model_copy(update={"sign_in": sign_in})

    assert settings.oidc.token_type == token_type
