"""Which apps a person may use, according to Authentik.

Its list of applications holds those that its policies let the person use, and it is asked with the
person's own token: the portal itself has no rights there. The token needs the scope
`goauthentik.io/api` (docs/guides/authentik.md of the repository).
"""

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from src.entitlements import Access, EntitlementsUnavailableError, Person, Reason
from src.fetch import FetchError, fetch_json
from src.manifests import Manifest

SCOPE: Final = "goauthentik.io/api"
PATH: Final = "/api/v3/core/applications/"
PAGE_SIZE: Final = 100
MOST_PAGES: Final = 100
TIMEOUT: Final = 5.0
CACHE_SECONDS: Final = 30.0
MOST_CACHED: Final = 1000

logger: Final = logging.getLogger(__name__)


class AuthentikEntitlements:
    def __init__(self, issuer: str, internal_origin: str = "") -> None:
        parts = urlsplit(issuer)
        self._origin = internal_origin or f"{parts.scheme}://{parts.netloc}"
        # Under an internal address it still has to build its answers for the public one.
        self._headers = (
            {"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme} if internal_origin else {}
        )
        self._lock = threading.Lock()
        self._cached: OrderedDict[bytes, tuple[float, frozenset[str]]] = OrderedDict()

    def of(self, person: Person, apps: Sequence[Manifest]) -> Mapping[str, Access]:
        allowed = self._allowed(person.token)
        found: dict[str, Access] = {}
        for app in apps:
            if app.auth is None:
                # It has no sign-in, so Authentik has no application for it.
                found[app.slug] = Access(Reason.EVERYONE)
            elif app.slug in allowed:
                found[app.slug] = Access(Reason.SIGN_IN)
        return found

    def _allowed(self, token: str) -> frozenset[str]:
        key = hashlib.sha256(token.encode()).digest()
        now = time.monotonic()
        with self._lock:
            until, slugs = self._cached.get(key, (0.0, frozenset()))
            if now < until:
                return slugs
        slugs = self._ask(token)
        with self._lock:
            self._cached[key] = (now + CACHE_SECONDS, slugs)
            self._cached.move_to_end(key)
            while len(self._cached) > MOST_CACHED:
                self._cached.popitem(last=False)
        return slugs

    def _ask(self, token: str) -> frozenset[str]:
        slugs: set[str] = set()
        page = 1
        while 0 < page <= MOST_PAGES:
            answer = self._page(token, page)
            try:
                slugs.update(str(application["slug"]) for application in answer["results"])
                # The number of the next page; 0 after the last.
                page = int(answer["pagination"]["next"])
            except (KeyError, TypeError, ValueError):
                raise EntitlementsUnavailableError(
                    "the sign-in service's list of applications is in an unknown form"
                ) from None
        return frozenset(slugs)

    def _page(self, token: str, page: int) -> Any:  # noqa: ANN401 - any JSON
        query = urlencode({"page": page, "page_size": PAGE_SIZE})
        headers = {**self._headers, "Authorization": f"Bearer {token}"}
        try:
            return fetch_json(self._origin, f"{PATH}?{query}", headers=headers, timeout=TIMEOUT)
        except FetchError as error:
            logger.warning("the sign-in service can't be asked for applications: %s", error)
            why = (
                f"the sign-in service refuses the question; the token needs the scope {SCOPE}"
                if error.status in {401, 403}
                else "the sign-in service can't be asked at the moment"
            )
            raise EntitlementsUnavailableError(why) from None
