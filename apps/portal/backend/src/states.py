"""How an app is, out of how its containers are. Pure."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from src.engine import Container

_EXIT_CODE: Final = re.compile(r"Exited \((\d+)\)")


class AppState(StrEnum):
    UP = "up"
    STARTING = "starting"
    UNHEALTHY = "unhealthy"
    """Something of it runs, and something of it doesn't or says that it isn't well."""
    DOWN = "down"
    UNKNOWN = "unknown"
    """The engine can't be asked."""


def state_of(containers: Sequence[Container]) -> AppState:
    """The worst that is true of any container; without one that runs the app is down."""
    alive = [
        one for one in containers if one.state not in {"exited", "dead", "created", "removing"}
    ]
    if not alive:
        # Just created, and nothing runs yet: Compose is at it.
        return AppState.STARTING if _any_created(containers) else AppState.DOWN
    if any(_is_ill(one) for one in containers):
        return AppState.UNHEALTHY
    if _any_created(containers) or any("(health: starting)" in one.status for one in alive):
        return AppState.STARTING
    return AppState.UP


def _any_created(containers: Sequence[Container]) -> bool:
    return any(one.state == "created" for one in containers)


def _is_ill(one: Container) -> bool:
    if one.state in {"restarting", "paused", "dead"} or "(unhealthy)" in one.status:
        return True
    if one.state != "exited":
        return False
    code = _EXIT_CODE.search(one.status)
    # What ended with 0 has done its work, as a migration does; but not what people are sent to.
    return one.routed or code is None or code.group(1) != "0"
