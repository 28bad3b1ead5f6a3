"""Dates and times of callers: ISO 8601 is read, everything else is refused by name."""

import json
from datetime import datetime

import pytest

from chalicelib.http.errors import BadRequest
from chalicelib.http.moments import Moment
from chalicelib.http.parsing import Body, validated


class Night(Body):
    begins: Moment
    ends: Moment | None = None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-01-12", datetime(2021, 1, 12)),
        ("20210112", datetime(2021, 1, 12)),
        (" 20210112 ", datetime(2021, 1, 12)),
        ("19700101", datetime(1970, 1, 1)),
        ("2021-01-12T03", datetime(2021, 1, 12, 3)),
        ("2021-01-12 03:04", datetime(2021, 1, 12, 3, 4)),
        ("2021-01-12T03:04:05", datetime(2021, 1, 12, 3, 4, 5)),
        ("20210112T030405", datetime(2021, 1, 12, 3, 4, 5)),
        ("20210112t0304z", datetime(2021, 1, 12, 3, 4)),
        ("20210112T030405Z", datetime(2021, 1, 12, 3, 4, 5)),
        ("20210112T030405.5Z", datetime(2021, 1, 12, 3, 4, 5, 500_000)),
        ("2021-01-12T03:04:05,25", datetime(2021, 1, 12, 3, 4, 5, 250_000)),
        ("2021-01-12T03:04:05." + "123456789" * 1000, datetime(2021, 1, 12, 3, 4, 5, 123_456)),
        ("2021-01-12T03:04:05+05:30", datetime(2021, 1, 11, 21, 34, 5)),
        ("20210112T030405-0330", datetime(2021, 1, 12, 6, 34, 5)),
        ("20210112T03-08", datetime(2021, 1, 12, 11)),
        ("2020-02-29T23:59:59.999999-00:00", datetime(2020, 2, 29, 23, 59, 59, 999_999)),
        ("0001-01-01", datetime(1, 1, 1)),
        ("99991231T235959", datetime(9999, 12, 31, 23, 59, 59)),
    ],
)
def test_iso_8601_is_read_as_naive_utc(text, expected):
    assert validated(Night, {"begins": text}).begins == expected


@pytest.mark.parametrize(
    "value",
    [
        *("59226.128", "59226", "2459226", "2459226.5", "1610420645", "1610420645.25", "-1", "1e9", "NaN", "inf"),
        *("20210112030405", "20210112.5", "31536000", "99999999", "2021", "202101", "2021012"),
        *(20210112, 59226.128, 1610420645, 0, -1, True, False, [2021, 1, 12], {}),
        *("", "yesterday", "12/01/2021", "2021-1-2", "2021-0112", "202101-12", "2021-W02-2", "2021-012", "P1D"),
        *("20211301", "20210230", "2021-02-29", "0000-01-01", "2021-01-12T24:00", "2021-01-12T03:60"),
        *("2021-01-12T03:04:60", "2021-01-12T03:04.5", "2021-01-12T", "2021-01-12Z", "2021-01-12x03:04"),
        *("2021-01-12T03:04:05+24:00", "2021-01-12T03:04:05+01:60", "2021-01-12T03:04:05 01:00"),
        *("\uff12\uff10\uff12\uff110112", "2021\u201301\u201312", "2021-01-12\x00"),
    ],
)
def test_what_could_mean_another_time_or_none_is_refused_by_name(value):
    with pytest.raises(BadRequest) as error:
        validated(Night, {"begins": "2021-01-12", "ends": value})
    (told,) = json.loads(error.value.message.removeprefix("Invalid/missing parameters: "))["ends"]
    assert told.startswith("must be an ISO 8601 date or time, such as 2026-11-22")


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-02:00"])
def test_a_moment_that_utc_puts_outside_of_the_calendar_is_refused(text):
    with pytest.raises(BadRequest, match="outside of the years 1 to 9999"):
        validated(Night, {"begins": text})


def test_null_is_no_moment_where_one_may_be_missing():
    assert validated(Night, {"begins": "2021-01-12", "ends": None}).ends is None
