from datetime import UTC, datetime
from uuid import uuid4

import pytest

from src.paging import Cursor


def test_a_cursor_comes_back_to_the_microsecond() -> None:
    cursor = Cursor(datetime(2026, 11, 22, 1, 2, 3, 456789, tzinfo=UTC), uuid4())

    assert Cursor.parse(str(cursor)) == cursor
    assert str(cursor).isascii()
    assert not set(str(cursor)) & set("+/=")


@pytest.mark.parametrize("text", ["", "a", "====", "ä", "MjAyNg", "\n"])
def test_other_texts_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="no cursor"):
        Cursor.parse(text)


def test_a_cursor_has_one_form() -> None:
    cursor = str(Cursor(datetime(2026, 1, 1, tzinfo=UTC), uuid4()))

    for other in (cursor + "=", cursor + "\n", " " + cursor):
        with pytest.raises(ValueError, match="no cursor"):
            Cursor.parse(other)


def test_a_time_without_a_zone_is_no_place() -> None:
    with pytest.raises(ValueError, match="no cursor"):
        Cursor.parse(str(Cursor(datetime(2026, 1, 1), uuid4())))  # noqa: DTZ001 - on purpose
