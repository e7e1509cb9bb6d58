"""The issuer's keys, fetched when they are needed and kept.

One thread fetches at a time, and the others use the cached keys. Whatever tokens the app gets,
it asks the issuer at most once in `refetch_interval`; while the issuer doesn't answer, the last
keys stay valid for a while.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from auth_client.fetch import FetchError, fetch_json
from auth_client.keys import PublicKey, SigningKeys
from auth_client.settings import Algorithm, OidcSettings

logger: Final = logging.getLogger(__name__)


class IssuerUnavailableError(Exception):
    """The issuer's keys are unavailable now, so a token can't be checked."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("the issuer's keys can't be had at the moment")
        self.retry_after = retry_after
        """Seconds after which it is worth another try."""


@dataclass(frozen=True, slots=True)
class _Fetched:
    keys: SigningKeys
    at: float


class KeyCache:
    """May be used by many threads. Makes no request before the first key is asked for."""

    def __init__(
        self, settings: OidcSettings, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._fetching = threading.Lock()
        # Written only by the thread that holds the lock; each is one reference, read as it is.
        self._fetched: _Fetched | None = None
        self._failed = False
        self._next_fetch = clock()

    def find(self, algorithm: Algorithm, kid: str | None) -> PublicKey | None:
        """The key of that id, or None where the issuer has none.

        Raises IssuerUnavailableError where the issuer would have to be asked and doesn't answer.
        """
        fetched = self._usable()
        if fetched is None or self._is_old(fetched):
            self._refresh(fetched)
            fetched = self._usable()
        if fetched is None:
            raise self._unavailable()
        key = fetched.keys.find(algorithm, kid)
        if key is not None:
            return key

        # Perhaps a new key that isn't cached yet.
        self._refresh(fetched, wait=True)
        fetched = self._usable()
        key = fetched.keys.find(algorithm, kid) if fetched else None
        if key is None and (fetched is None or self._failed):
            raise self._unavailable()
        return key

    def _usable(self) -> _Fetched | None:
        fetched = self._fetched
        longest = self._settings.keys_max_age + self._settings.keys_stale_for
        if fetched is None or self._clock() - fetched.at >= longest:
            return None
        return fetched

    def _is_old(self, fetched: _Fetched) -> bool:
        return self._clock() - fetched.at >= self._settings.keys_max_age

    def _unavailable(self) -> IssuerUnavailableError:
        return IssuerUnavailableError(max(1.0, self._next_fetch - self._clock()))

    def _refresh(self, seen: _Fetched | None, *, wait: bool = False) -> None:
        """Fetches the keys, unless another thread has just done it or it is too early to.

        Without keys, and with `wait`, it waits for a fetch that another thread has begun.
        """
        if not self._fetching.acquire(blocking=wait or seen is None):
            return
        try:
            if self._fetched is not seen and self._usable() is not None:
                return
            if self._clock() < self._next_fetch:
                return
            self._fetch()
        finally:
            self._fetching.release()

    def _fetch(self) -> None:
        try:
            keys = fetch_keys(self._settings)
        except FetchError as error:
            logger.warning("the issuer's keys can't be fetched: %s", error)
            pause = self._settings.refetch_interval
            if self._usable() is None:
                pause = self._settings.retry_interval
            self._failed = True
            self._next_fetch = self._clock() + pause
        else:
            logger.info("fetched %d signing keys of %s", len(keys), self._settings.issuer)
            now = self._clock()
            self._fetched = _Fetched(keys, now)
            self._failed = False
            self._next_fetch = now + self._settings.refetch_interval


def fetch_keys(settings: OidcSettings) -> SigningKeys:
    """The keys that the issuer's own description of itself leads to.

    OpenID Connect Discovery 1.0, section 4.3: the description has to name the issuer that was asked
    for. Raises FetchError; a key set without a key that could be used is an error too.
    """
    url = settings.discovery_url
    description = fetch_json(url, settings)
    if description.get("issuer") != settings.issuer:
        raise FetchError(f"{url} describes another issuer: {description.get('issuer')!r}")
    jwks_uri = description.get("jwks_uri")
    if not isinstance(jwks_uri, str):
        raise FetchError(f"{url} names no jwks_uri")
    if urlsplit(settings.issuer).scheme == "https" and not jwks_uri.startswith("https:"):
        raise FetchError(f"{url} names a jwks_uri that is not https, unlike the issuer")
    keys = SigningKeys(fetch_json(jwks_uri, settings), settings.algorithms)
    if len(keys) == 0:
        wanted = " or ".join(settings.algorithms)
        raise FetchError(f"{jwks_uri} has no key for {wanted}")
    return keys
