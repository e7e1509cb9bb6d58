"""When the issuer is asked, and what happens while it doesn't answer."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from auth_client import IssuerUnavailableError, OidcSettings
from auth_client.key_cache import KeyCache
from auth_client.testing import LocalIssuer, SigningKey

from .conftest import Clock


@pytest.fixture
def cache(settings: OidcSettings, clock: Clock) -> KeyCache:
    return KeyCache(settings, clock=clock)


def fetches(issuer: LocalIssuer) -> int:
    return sum(path.endswith("/openid-configuration") for path, _ in issuer.requests)


def test_nothing_is_fetched_before_a_key_is_asked_for(
    issuer: LocalIssuer, cache: KeyCache, rsa_key: SigningKey
) -> None:
    assert fetches(issuer) == 0
    assert cache.find("RS256", rsa_key.kid) is not None
    assert fetches(issuer) == 1


def test_keys_are_kept(
    issuer: LocalIssuer, cache: KeyCache, clock: Clock, rsa_key: SigningKey
) -> None:
    cache.find("RS256", rsa_key.kid)
    clock.now += 599
    cache.find("RS256", rsa_key.kid)
    assert fetches(issuer) == 1

    clock.now += 2
    cache.find("RS256", rsa_key.kid)
    assert fetches(issuer) == 2


def test_a_key_that_was_withdrawn_is_forgotten(
    issuer: LocalIssuer,
    cache: KeyCache,
    clock: Clock,
    rsa_key: SigningKey,
    other_rsa_key: SigningKey,
) -> None:
    cache.find("RS256", rsa_key.kid)
    issuer.keys = [other_rsa_key]
    clock.now += 601

    assert cache.find("RS256", rsa_key.kid) is None


def test_a_new_key_is_found_at_once(
    issuer: LocalIssuer,
    cache: KeyCache,
    clock: Clock,
    rsa_key: SigningKey,
    other_rsa_key: SigningKey,
) -> None:
    cache.find("RS256", rsa_key.kid)
    clock.now += 11
    issuer.keys = [other_rsa_key, rsa_key]

    assert cache.find("RS256", other_rsa_key.kid) is not None
    assert cache.find("RS256", rsa_key.kid) is not None
    assert fetches(issuer) == 2


def test_unknown_keys_make_few_requests(
    issuer: LocalIssuer, cache: KeyCache, clock: Clock, rsa_key: SigningKey
) -> None:
    cache.find("RS256", rsa_key.kid)
    for second in range(60):
        for attempt in range(5):
            assert cache.find("RS256", f"made-up-{second}-{attempt}") is None
        clock.now += 1

    # One at the start, and then one each ten seconds.
    assert fetches(issuer) == 6


def test_the_last_keys_serve_while_the_issuer_is_away(
    issuer: LocalIssuer, cache: KeyCache, clock: Clock, rsa_key: SigningKey
) -> None:
    cache.find("RS256", rsa_key.kid)
    issuer.status = 503
    clock.now += 601
    assert cache.find("RS256", rsa_key.kid) is not None
    asked = fetches(issuer)
    assert cache.find("RS256", rsa_key.kid) is not None
    assert fetches(issuer) == asked, "a failure is not repeated at once"

    clock.now += 3600
    with pytest.raises(IssuerUnavailableError):
        cache.find("RS256", rsa_key.kid)

    issuer.status = 200
    clock.now += 10
    assert cache.find("RS256", rsa_key.kid) is not None


def test_an_unknown_key_is_no_verdict_while_the_issuer_is_away(
    issuer: LocalIssuer, cache: KeyCache, clock: Clock, rsa_key: SigningKey
) -> None:
    cache.find("RS256", rsa_key.kid)
    issuer.status = 503
    clock.now += 11

    for _ in range(2):
        with pytest.raises(IssuerUnavailableError) as caught:
            cache.find("RS256", "new")
        assert 1 <= caught.value.retry_after <= 10


def test_without_any_keys_failures_are_spaced(
    issuer: LocalIssuer, cache: KeyCache, clock: Clock, rsa_key: SigningKey
) -> None:
    issuer.status = 503
    for _ in range(10):
        with pytest.raises(IssuerUnavailableError):
            cache.find("RS256", rsa_key.kid)
    assert fetches(issuer) == 1

    issuer.status = 200
    clock.now += 3
    assert cache.find("RS256", rsa_key.kid) is not None


def at_once(threads: int, work: Callable[[], object]) -> list[object]:
    """What each of that many threads got, or how it failed, when all of them began together."""
    barrier = threading.Barrier(threads)

    def run(_: int) -> object:
        barrier.wait()
        try:
            return work()
        except IssuerUnavailableError as error:
            return type(error)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def test_threads_share_one_fetch(
    issuer: LocalIssuer, settings: OidcSettings, rsa_key: SigningKey
) -> None:
    issuer.delay = 0.1
    cache = KeyCache(settings)

    found = at_once(20, lambda: cache.find("RS256", rsa_key.kid))

    assert found == [rsa_key.private.public_key()] * 20
    assert fetches(issuer) == 1


def test_threads_share_one_failure(
    issuer: LocalIssuer, settings: OidcSettings, rsa_key: SigningKey
) -> None:
    issuer.delay = 0.1
    issuer.status = 500
    cache = KeyCache(settings)

    found = at_once(20, lambda: cache.find("RS256", rsa_key.kid))

    assert found == [IssuerUnavailableError] * 20
    assert fetches(issuer) == 1


def test_one_thread_waits_for_a_slow_issuer_and_the_others_go_on(
    issuer: LocalIssuer, settings: OidcSettings, clock: Clock, rsa_key: SigningKey
) -> None:
    cache = KeyCache(replace(settings, timeout=5), clock=clock)
    cache.find("RS256", rsa_key.kid)
    clock.now += 601
    issuer.delay = 1
    slow = threading.Thread(target=cache.find, args=("RS256", rsa_key.kid))
    slow.start()
    while fetches(issuer) < 2:
        time.sleep(0.01)

    assert cache.find("RS256", rsa_key.kid) is not None
    assert slow.is_alive(), "the others did not wait"
    slow.join()
