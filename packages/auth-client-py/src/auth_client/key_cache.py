"""The issuer's keys, fetched when they are needed and kept.

One thread in the background fetches them, within a deadline. A request that needs an answer waits
for it a few seconds at most, and only so many requests at once; the others use the cached keys.
Whatever tokens the app gets, it asks the issuer at most once in `refetch_interval`; while the
issuer doesn't answer, the last keys stay valid for a while.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from auth_client.fetch import Deadline, FetchError, fetch_json
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
        self._changed = threading.Condition()
        # What follows is written by a thread that holds the condition. Each is one reference, which
        # others read as it is.
        self._fetched: _Fetched | None = None
        self._failed = False
        self._next_fetch = clock()
        self._overdue_at: float | None = None
        """When the fetch that is under way should have ended, by time.monotonic."""
        self._waiting = 0

    def find(self, algorithm: Algorithm, kid: str | None) -> PublicKey | None:
        """The key of that id, or None where the issuer has none.

        Raises IssuerUnavailableError where the issuer would have to be asked and doesn't answer.
        """
        fetched = self._usable()
        if fetched is None or self._is_old(fetched):
            self._refresh(fetched, wait=fetched is None)
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
        if key is None and (fetched is None or self._failed or self._overdue_at is not None):
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

    def _refresh(self, seen: _Fetched | None, *, wait: bool) -> None:
        """Has the keys fetched, unless they just were or it is too early to.

        The thread that begins a fetch waits for its end, and with `wait` so do others; as long, and
        as many at once, as the settings allow.
        """
        with self._changed:
            if self._fetched is not seen and self._usable() is not None:
                return
            if self._overdue_at is None:
                if self._clock() < self._next_fetch:
                    return
                self._begin()
            elif not wait:
                return
            if self._waiting < self._settings.max_waiting:
                self._wait()

    def _begin(self) -> None:
        self._overdue_at = time.monotonic() + self._settings.timeout
        thread = threading.Thread(target=self._fetch, name="issuer-keys", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            self._end(FetchError(str(error)))

    def _wait(self) -> None:
        overdue_at = self._overdue_at
        if overdue_at is None:
            return
        self._waiting += 1
        try:
            # A fetch that is overdue hangs where no deadline reaches, as in looking up a name.
            left = min(self._settings.max_wait, overdue_at - time.monotonic())
            self._changed.wait_for(lambda: self._overdue_at != overdue_at, timeout=left)
        finally:
            self._waiting -= 1

    def _fetch(self) -> None:
        result: SigningKeys | Exception
        try:
            result = fetch_keys(self._settings)
        except FetchError as error:
            result = error
        except Exception as error:
            logger.exception("the issuer's keys can't be fetched")
            result = error
        with self._changed:
            self._end(result)
            self._changed.notify_all()

    def _end(self, result: SigningKeys | Exception) -> None:
        now = self._clock()
        if isinstance(result, Exception):
            logger.warning("the issuer's keys can't be fetched: %s", result)
            pause = self._settings.refetch_interval
            if self._usable() is None:
                pause = self._settings.retry_interval
        else:
            logger.info("fetched %d signing keys of %s", len(result), self._settings.issuer)
            pause = self._settings.refetch_interval
            self._fetched = _Fetched(result, now)
        self._failed = isinstance(result, Exception)
        self._next_fetch = now + pause
        self._overdue_at = None


def fetch_keys(settings: OidcSettings) -> SigningKeys:
    """The keys that the issuer's own description of itself leads to.

    OpenID Connect Discovery 1.0, section 4.3: the description has to name the issuer that was asked
    for. Raises FetchError; a key set without a key that could be used is an error too.
    """
    deadline = Deadline(settings.timeout)
    url = settings.discovery_url
    description = fetch_json(url, settings, deadline)
    if description.get("issuer") != settings.issuer:
        raise FetchError(f"{url} describes another issuer: {description.get('issuer')!r}")
    jwks_uri = description.get("jwks_uri")
    if not isinstance(jwks_uri, str):
        raise FetchError(f"{url} names no jwks_uri")
    if urlsplit(settings.issuer).scheme == "https" and not jwks_uri.startswith("https:"):
        raise FetchError(f"{url} names a jwks_uri that is not https, unlike the issuer")
    keys = SigningKeys(fetch_json(jwks_uri, settings, deadline), settings.algorithms)
    if len(keys) == 0:
        wanted = " or ".join(settings.algorithms)
        raise FetchError(f"{jwks_uri} has no key for {wanted}")
    return keys
