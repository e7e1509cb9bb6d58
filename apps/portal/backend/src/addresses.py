"""The address of an app, on a development machine and behind a public domain. Pure."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from src.manifests import Link, Manifest

_LOCAL: Final = ".localhost"
_EXPRESSION: Final = re.compile(r"\{([A-Za-z0-9_.,]+)\}")


@dataclass(frozen=True, slots=True)
class Addresses:
    public_domain: str = ""
    """Empty on a development machine."""
    gateway_port: int = 80
    """The gateway's port there."""

    def of(self, manifest: Manifest) -> str | None:
        """The app's address; None for one without a page."""
        return self._origin(manifest) + "/" if manifest.has_page else None

    def link(self, manifest: Manifest, link: Link) -> str | None:
        """A link's address, with the app's values in it; None for one that is no web address.

        RFC 6570, level 1: `{name}` stands for a value, encoded; an unknown one for nothing. A link
        to a host of a development machine leads to where that one is here.
        """
        values = {
            "id": str(manifest.id),
            "slug": manifest.slug,
            "name": manifest.name,
            "kind": manifest.kind,
        }
        url = _EXPRESSION.sub(lambda found: quote(values.get(found[1], ""), safe=""), link.url)
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            return None
        if parts.scheme not in {"http", "https"} or not host:
            return None
        if host.endswith(_LOCAL) and port is None:
            here = urlsplit(self._at(host))
            return parts._replace(scheme=here.scheme, netloc=here.netloc).geturl()
        return url

    def _origin(self, manifest: Manifest) -> str:
        return self._at(manifest.host)

    def _at(self, host: str) -> str:
        """A host of a development machine has its counterpart below the public domain."""
        if host.endswith(_LOCAL) and self.public_domain:
            return f"https://{host.removesuffix(_LOCAL)}.{self.public_domain}"
        if not host.endswith(_LOCAL):
            return f"https://{host}"
        return f"http://{host}" + ("" if self.gateway_port == 80 else f":{self.gateway_port}")
