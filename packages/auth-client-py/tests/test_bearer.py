import pytest

from auth_client import BearerTokenError, BearerTokenProblem, parse_bearer


@pytest.mark.parametrize(
    ("header", "token"),
    [
        # The example of RFC 6750, section 2.1.
        ("Bearer mF_9.B5f-4.1JqM", "mF_9.B5f-4.1JqM"),
        ("bearer abc", "abc"),
        ("BEARER abc", "abc"),
        ("Bearer   abc", "abc"),
        (" Bearer abc\t", "abc"),
        ("Bearer aZ09-._~+/==", "aZ09-._~+/=="),
    ],
)
def test_a_token_is_read(header: str, token: str) -> None:
    assert parse_bearer(header) == token


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        (None, BearerTokenProblem.MISSING),
        ("", BearerTokenProblem.MISSING),
        (" \t", BearerTokenProblem.MISSING),
        ("Basic dXNlcjpwdw==", BearerTokenProblem.OTHER_SCHEME),
        ("Bearerabc", BearerTokenProblem.OTHER_SCHEME),
        ("Bearer-2 abc", BearerTokenProblem.OTHER_SCHEME),
        ("Bearer", BearerTokenProblem.MALFORMED),
        ("Bearer ", BearerTokenProblem.MALFORMED),
        ("Bearer\tabc", BearerTokenProblem.MALFORMED),
        ("Bearer abc def", BearerTokenProblem.MALFORMED),
        ("Bearer abc, Basic def", BearerTokenProblem.MALFORMED),
        ("Bearer =abc", BearerTokenProblem.MALFORMED),
        ("Bearer a=b", BearerTokenProblem.MALFORMED),
        ("Bearer abc\n", BearerTokenProblem.MALFORMED),
        ("Bearer \N{CYRILLIC SMALL LETTER A}bc", BearerTokenProblem.MALFORMED),
        ('"Bearer" abc', BearerTokenProblem.MALFORMED),
    ],
)
def test_what_is_no_bearer_token_is_told_apart(
    header: str | None, problem: BearerTokenProblem
) -> None:
    with pytest.raises(BearerTokenError) as caught:
        parse_bearer(header)

    assert caught.value.problem is problem


def test_an_error_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(BearerTokenError) as caught:
        parse_bearer("Bearer s3cret?")

    assert "s3cret" not in repr(caught.value)
