"""What is written on a corner plot: names, numbers and where an axis has its zero."""

import math
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

MOST_CHARACTERS = 100
MOST_TEX = 300

CORNERS_FORMAT = ".2f"
"""corner's own for the numbers in titles."""

_SMALLEST = 0.005  # shows as 0.00 below
_LARGEST = 1e6
_FIXED = -3, 3  # powers of ten: from thousandths on, and unless the uncertainty is of thousands, without an exponent

_LINE = 30  # characters

_RESOLVED = 1e-9
"""Spread over size from which on the text with which matplotlib says where an axis has its zero holds all digits."""


def shown(name: str) -> str:
    """Return a parameter's name as matplotlib shows it: TeX if it is that, otherwise the characters as they stand."""
    printable = _printable(name)
    return printable if len(printable) <= MOST_TEX and is_tex(printable) else literal(name)


def literal(name: str) -> str:
    """Return the characters of a name as they stand, no more than fit."""
    return shortened(_printable(name), MOST_CHARACTERS).replace("$", r"\$")


def _printable(name: str) -> str:
    return "".join(character if character.isprintable() else " " for character in name)


def is_tex(text: str) -> bool:
    """Say whether a text has TeX in it, all of which matplotlib understands."""
    from matplotlib.cbook import is_math_text  # noqa: PLC0415 - loaded with the plot
    from matplotlib.mathtext import MathTextParser  # noqa: PLC0415 - as above

    if not is_math_text(text):
        return False
    try:
        MathTextParser("path").parse(text)
    except (ValueError, RecursionError):
        return False
    return True


def shortened(text: str, most: int) -> str:
    """Leave out the middle of a text: names of one family differ at their ends."""
    if len(text) <= most:
        return text
    head = (most - 1) * 2 // 3
    return f"{text[:head]}…{text[len(text) - (most - 1 - head) :]}"


def value_with_errors(quantiles: Sequence[float], number_format: str = CORNERS_FORMAT) -> str:
    """Write low, middle and high quantile as corner does: the middle, and the distances to the others as its errors."""
    low, middle, high = quantiles
    write = f"{{0:{number_format}}}".format
    return f"${{{write(middle)}}}_{{-{write(middle - low)}}}^{{+{write(high - middle)}}}$"


def is_readable(quantiles: Sequence[float]) -> bool:
    """Say whether corner's own number format shows the errors: not as 0.00, nor with more digits than anybody reads."""
    low, middle, high = quantiles
    errors = middle - low, high - middle
    if max(errors) == 0:
        return middle == 0 or abs(middle) >= _SMALLEST
    return max(errors) >= _SMALLEST and min(errors) < _LARGEST


def readable_value(quantiles: Sequence[float], *, in_full: bool = False) -> str:
    """Write the same with two digits of the smaller error, in powers of ten where that is shorter, unless `in_full`."""
    low, middle, high = quantiles
    errors = [error for error in (middle - low, high - middle) if error > 0]
    size = _power_of_ten(max(abs(middle), *errors, math.ulp(0.0)))
    digit = _power_of_ten(min(errors)) if errors else size - 2
    lowest, highest = _FIXED
    if in_full or (size >= lowest and digit < highest):
        return value_with_errors(quantiles, f".{max(0, 1 - digit)}f")
    decimals = min(15, max(1, size - digit + 1))
    scaled = [f"{Decimal(number).scaleb(-size):.{decimals}f}" for number in (middle, middle - low, high - middle)]
    return f"$({{{scaled[0]}}}_{{-{scaled[1]}}}^{{+{scaled[2]}}})\\times 10^{{{size}}}$"


def reference(values: NDArray[np.float64]) -> tuple[float, str] | None:
    """Return a round number near samples that all but agree, and its text; None if an axis can show the samples."""
    low, high = float(values.min()), float(values.max())
    spread = high - low
    if spread >= _RESOLVED * max(abs(low), abs(high)):
        return None
    decimals = -_power_of_ten(spread)
    number = round(float(np.median(values)), decimals)
    if not 1e-4 <= abs(number) < 1e16:  # noqa: PLR2004 - beyond, Python writes exponents too
        return number, repr(number)
    text = f"{number:.{max(0, decimals)}f}"
    return number, text.rstrip("0").rstrip(".") if decimals > 0 else text


def relative_to(label: str, number: float, text: str) -> str:
    """Say what an axis shows once a number is subtracted, on two lines if that is long."""
    sign = "+" if number < 0 else "\N{MINUS SIGN}"
    subtracted = f"{sign} {text.removeprefix('-')}"
    return f"{label}{' ' if len(label) + len(subtracted) < _LINE else chr(10)}{subtracted}"


def _power_of_ten(number: float) -> int:
    return math.floor(math.log10(number))
