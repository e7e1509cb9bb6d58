"""Which apps a person may use, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from auth_client import User

from src.manifests import Manifest


class Reason(StrEnum):
    """Why a person sees an app."""

    EVERYONE = "everyone"
    """The app is for everyone who signed in."""
    GROUP = "group"
    """The person is in one of the app's groups."""
    SIGN_IN = "sign-in"
    """The sign-in service allows it."""
    ADMIN = "admin"
    """The person may not use it, and sees it as an admin."""


@dataclass(frozen=True, slots=True)
class Access:
    reason: Reason
    groups: tuple[str, ...] = ()
    """The person's groups that let them in."""


@dataclass(frozen=True, slots=True)
class Person:
    user: User
    token: str
    """The access token of the request, for calls on the person's behalf. A secret."""


class EntitlementsUnavailableError(Exception):
    """It is unknown at the moment which apps the person may use."""


class Entitlements(Protocol):
    def of(self, person: Person, apps: Sequence[Manifest]) -> Mapping[str, Access]:
        """The apps that the person may use, by slug, each with the reason.

        Raises EntitlementsUnavailableError.
        """


class GroupEntitlements:
    """The groups in the person's token against those in the manifests: what each app's API does."""

    def of(self, person: Person, apps: Sequence[Manifest]) -> Mapping[str, Access]:
        found: dict[str, Access] = {}
        for app in apps:
            if not app.groups:
                found[app.slug] = Access(Reason.EVERYONE)
            elif shared := person.user.groups.intersection(app.groups):
                found[app.slug] = Access(Reason.GROUP, tuple(sorted(shared)))
        return found
