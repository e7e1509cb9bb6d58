"""The state of an app, from the states of its containers. Pure."""

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
    """Some containers run, and others don't or are unhealthy."""
    DOWN = "down"
    UNKNOWN = "unknown"
    """The engine can't be asked."""


def state_of(containers: Sequence[Container]) -> AppState:
    """The worst state of any container; without a running one the app is down."""
    alive = [
        one for one in containers if one.state not in {"exited", "dead", "created", "removing"}
    ]
    if not alive:
        # Just created, so Compose is starting it.
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
    # A container that exited with 0 is done, like a migration; but not one with a route.
    return one.routed or code is None or code.group(1) != "0"
