from typing import Any

import pytest

from src.engine import Container
from src.states import AppState, state_of


def one(state: str, status: str = "", *, routed: bool = False) -> Container:
    return Container("p", "/p", "s", state, status, routed)


WELL = one("running", "Up 5 minutes (healthy)")
UNCHECKED = one("running", "Up 5 minutes")
DONE = one("exited", "Exited (0) 2 minutes ago")
STOPPED = one("exited", "Exited (0) 2 minutes ago", routed=True)
FAILED = one("exited", "Exited (1) 2 minutes ago")


@pytest.mark.parametrize(
    ("containers", "state"),
    [
        ([], "down"),
        ([WELL], "up"),
        ([WELL, UNCHECKED], "up"),
        ([WELL, DONE], "up"),
        ([DONE], "down"),
        ([STOPPED, FAILED], "down"),
        ([one("dead")], "down"),
        ([WELL, STOPPED], "unhealthy"),
        ([WELL, FAILED], "unhealthy"),
        ([WELL, one("running", "Up 5 minutes (unhealthy)")], "unhealthy"),
        ([WELL, one("restarting", "Restarting (1) 2 seconds ago")], "unhealthy"),
        ([WELL, one("paused", "Up 5 minutes (Paused)")], "unhealthy"),
        ([WELL, one("dead")], "unhealthy"),
        ([WELL, one("running", "Up 2 seconds (health: starting)")], "starting"),
        ([WELL, one("created")], "starting"),
        ([one("created")], "starting"),
        ([one("created"), FAILED, WELL], "unhealthy"),
    ],
)
def test_the_worst_counts(containers: list[Any], state: str) -> None:
    assert state_of(containers) is AppState(state)
