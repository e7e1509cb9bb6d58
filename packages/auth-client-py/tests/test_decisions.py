"""The table of decisions, run against the verifier and against an app."""

import pytest
from fastapi.testclient import TestClient

from auth_client import InvalidTokenError, OidcSettings, TokenVerifier
from auth_client.testing import LocalIssuer

from .decisions import ACCEPTED, DECISIONS, PAGE, Decision, page
from .test_dependencies import bearer, make_app

EVERY = [decision for section in DECISIONS.values() for decision in section]


@pytest.mark.parametrize("decision", EVERY, ids=[decision.token for decision in EVERY])
def test_a_token_is_decided_as_the_table_says(issuer: LocalIssuer, decision: Decision) -> None:
    settings = OidcSettings(issuer=issuer.issuer, client_id="app", timeout=10, **decision.settings)
    verifier = TokenVerifier(settings)
    token = decision.make(issuer)

    if decision.answer == ACCEPTED:
        assert verifier.verify(token)
    else:
        with pytest.raises(InvalidTokenError) as caught:
            verifier.verify(token)
        assert str(caught.value) == decision.answer
        assert verifier.verify(issuer.token()).sub == "alice", "and a genuine one is accepted"


def test_an_app_answers_as_the_table_says(issuer: LocalIssuer, settings: OidcSettings) -> None:
    """200 and JSON that can be written, or 401: never 500."""
    with TestClient(make_app(settings)) as client:
        for decision in EVERY:
            token = decision.make(issuer)
            if decision.settings or not token.isascii() or "\n" in token:
                continue  # No header can hold the latter two.
            answer = client.get("/me", headers=bearer(token))
            if decision.answer == ACCEPTED:
                assert answer.status_code == 200, decision.token
            elif answer.status_code != 400:  # The header's own form, which test_bearer.py has.
                assert answer.status_code == 401, decision.token
                assert (
                    f'error_description="{decision.answer}"' in answer.headers["WWW-Authenticate"]
                )


def test_no_decision_stands_twice() -> None:
    assert len({decision.token for decision in EVERY}) == len(EVERY)


def test_the_published_table_is_this_one() -> None:
    assert PAGE.read_text() == page(), (
        "run `python -m tests.decisions >../../docs/reference/tokens.md`"
    )
