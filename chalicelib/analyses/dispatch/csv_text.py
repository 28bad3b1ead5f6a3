"""Rows of CSV, written so that every reader of services gets back what was posted.

Fields are quoted as pandas and csv do, and in two more cases, because astropy and older versions of Python need it:
csv's own rule changed in Python 3.13. What is written here is the same on every version.
"""

import math
import re
from collections.abc import Iterable

_QUOTED = re.compile(r'[",\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|^[ \t]*[^\S \t]|[^\S \t][ \t]*\Z')
"""Delimiters, all that `str.splitlines` takes for the end of a line, and spaces at the ends that readers strip.

Blanks and tabs alone at the ends are not quoted: pandas does not, and astropy strips them all the same, but what is
within them, such as a no-break space, would go with them.
"""
_NO_TEXT = "\x00"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def line(values: Iterable[object]) -> str:
    """Return a row with its end: None and NaN empty, floats by their repr, all else as Python text."""
    return ",".join(_field(value) for value in values) + "\n"


def _field(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return repr(value) if isinstance(value, float) else _quoted(str(value))


def _quoted(text: str) -> str:
    """Quote a text if need be; NUL, which astropy cannot read and only results of services hold, is replaced."""
    clean = text.replace(_NO_TEXT, _REPLACEMENT)
    return '"' + clean.replace('"', '""') + '"' if _QUOTED.search(clean) else clean
