"""Text in the CSV that services read: what was posted comes back from every reader, on every version of Python."""

import csv
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.ma import masked

from chalicelib.analyses.dispatch.csv_text import line

BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
ODD = st.sampled_from([*BREAKS, *"\",';|\t #\\-", "\x1a", "\x1f", "\xa0", "\u3000", "\ufeff", "é", "星"])
WORDS = st.sampled_from(["nan", "N/A", "# no comment", "\r\n", "1", "--", "True"])
TEXTS = st.text(ODD | st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=8) | WORDS
TABLES = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def pd():
    import pandas as pd

    return pd


@pytest.fixture(scope="module")
def astropy_ascii():
    from astropy.io import ascii as module

    return module


def table(rows):
    return "".join(map(line, [("text", "bot", "origin"), *((text, True, origin) for text, origin in rows)]))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("line one\rline two", '"line one\rline two"'),
        ("line one\r\nline two", '"line one\r\nline two"'),
        ("\n", '"\n"'),
        ("a\u2028b", '"a\u2028b"'),
        ("a\x85", '"a\x85"'),
        ("a\x0bb", '"a\x0bb"'),
        ("\xa0a", '"\xa0a"'),
        ("a\u3000", '"a\u3000"'),
        ("a\xa0 ", '"a\xa0 "'),
        ("\t\x1fa", '"\t\x1fa"'),
        ('say "hi"', '"say ""hi"""'),
        ("a,b", '"a,b"'),
        (" a ", " a "),
        ("a\xa0b", "a\xa0b"),
        ("'a'; #b \\", "'a'; #b \\"),
        ("", ""),
        (None, ""),
        (float("nan"), ""),
        (float("inf"), "inf"),
        (1e-05, "1e-05"),
        (12, "12"),
        (True, "True"),
        ([1.0, float("nan")], '"[1.0, nan]"'),
        ({"a": "b\r"}, "{'a': 'b\\r'}"),
        ("a\x00b", "a\N{REPLACEMENT CHARACTER}b"),
    ],
)
def test_fields_are_written_alike_on_every_version_of_python(text, written):
    assert line(["first", text]) == f"first,{written}\n"


@given(TABLES)
@example([("line one\rline two", "x"), ("second", "y")])
def test_csv_and_pandas_read_back_what_was_posted(pd, rows):
    text = table(rows)

    assert [(row["text"], row["origin"]) for row in csv.DictReader(io.StringIO(text, newline=""))] == rows
    frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    assert list(zip(frame["text"], frame["origin"], strict=True)) == rows


@given(TABLES)
@example([("line one\rline two", "x"), ("second", "y")])
@example([("a\x85b", "x"), ("a\u2028b", "y")])
@example([("\t\x1fa", "a\xa0 "), ("b", "\u3000 \x1f\t")])
def test_astropy_reads_the_same_rows_and_text_equal_but_for_line_breaks(astropy_ascii, rows):
    read = astropy_ascii.read(table(rows), format="csv", converters={"*": [str]})

    assert list(read["bot"]) == ["True"] * len(rows)
    for name, posted in (("text", 0), ("origin", 1)):
        got = ["" if value is masked else value for value in read[name]]
        assert [joined(value) for value in got] == [joined(row[posted]) for row in rows]


def joined(text):
    """Leave out line breaks and the space beside them, and blanks at the ends, which astropy strips."""
    return re.sub(rf"\s*[{BREAKS}]\s*", "", text).strip(" \t")
