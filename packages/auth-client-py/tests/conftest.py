from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from auth_client import OidcSettings
from auth_client.testing import LocalIssuer, SigningKey, local_issuer


@pytest.fixture(scope="session")
def rsa_key() -> SigningKey:
    return SigningKey.generate("RS256")


@pytest.fixture(scope="session")
def other_rsa_key() -> SigningKey:
    return SigningKey.generate("RS256")


@pytest.fixture(scope="session")
def ec_key() -> SigningKey:
    return SigningKey.generate("ES256")


@pytest.fixture
def issuer(rsa_key: SigningKey) -> Iterator[LocalIssuer]:
    with local_issuer(rsa_key) as running:
        yield running


@pytest.fixture
def settings(issuer: LocalIssuer) -> OidcSettings:
    return OidcSettings(issuer=issuer.issuer, client_id="app", timeout=10)


@dataclass
class Clock:
    """A clock that only the test moves."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()
