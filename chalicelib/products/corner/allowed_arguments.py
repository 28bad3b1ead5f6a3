"""Which of corner's keyword arguments a caller may give, and with which values; importing this loads no library."""

import re
from collections.abc import Callable, Mapping
from itertools import pairwise

MAX_BINS = 60
MAX_LIST = 100
MAX_TEXT = 100
MAX_NAME = 300

_COLOUR = re.compile(r"#[0-9a-f]{3,8}|[a-z]+:[a-z0-9 /-]+|[a-z][a-z0-9 ]*|[01]?\.\d+", re.ASCII | re.IGNORECASE)
_NUMBER_FORMAT = re.compile(r"[+ ]?(?:\.\d{1,2})?[eEfFgG]?", re.ASCII)

Check = Callable[[object], bool]


def expectations() -> dict[str, str]:
    """Return what each keyword argument must be, by its name."""
    return {name: expected for name, (_, expected) in sorted(_OPTIONS.items())}


def check_plot_kwargs(kwargs: Mapping[str, object]) -> None:
    """Check keyword arguments for a corner plot; raises ValueError with a sentence for people."""
    for name, value in kwargs.items():
        if name not in _OPTIONS:
            raise ValueError(f"plot_kwargs: {name!r} is not one of {', '.join(sorted(_OPTIONS))}.")
        check, expected = _OPTIONS[name]
        if not check(value):
            raise ValueError(f"plot_kwargs: {name} must be {expected}.")


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _number(low: float, high: float) -> Check:
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _integer(low: int, high: int) -> Check:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _list_of(check: Check, length: int | None = None) -> Check:
    return lambda value: (
        isinstance(value, list | tuple)
        and len(value) <= MAX_LIST
        and length in (None, len(value))
        and all(check(item) for item in value)
    )


def _one_of(*checks: Check) -> Check:
    return lambda value: any(check(value) for check in checks)


def _is_null(value: object) -> bool:
    return value is None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME


def _is_scale(value: object) -> bool:
    return isinstance(value, str) and value in ("linear", "log")


def _is_colour(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT and _COLOUR.fullmatch(value) is not None


def _is_number_format(value: object) -> bool:
    return isinstance(value, str) and _NUMBER_FORMAT.fullmatch(value) is not None


def _is_interval(value: object) -> bool:
    return _list_of(_any_number, 2)(value) and isinstance(value, list | tuple) and value[0] < value[1]


def _are_levels(value: object) -> bool:
    return (
        _list_of(_inner_fraction)(value)
        and isinstance(value, list | tuple)
        and 0 < len(value) <= MAX_LEVELS
        and all(low < high for low, high in pairwise(value))
    )


def _is_font(value: object) -> bool:
    return isinstance(value, Mapping) and set(value) <= {"fontsize"} and all(map(_number(4, 40), value.values()))


MAX_LEVELS = 10
_LARGEST = 1e100

_any_number = _number(-_LARGEST, _LARGEST)
_fraction = _number(0, 1)
_inner_fraction = _number(1e-6, 1 - 1e-6)
_bins = _integer(2, MAX_BINS)
_factor = _number(0.1, 10)
_smoothing = _one_of(_is_null, _number(0.01, 10))
_texts = _one_of(_is_null, _list_of(_is_text))

_BOOL = (_is_bool, "true or false")
_COLOUR_OPTION = (_is_colour, "the name or the #hexadecimal code of a colour")
_FONT = (_is_font, 'an object like {"fontsize": 12}')
_FRACTIONS = (_one_of(_is_null, _list_of(_fraction)), "a list of numbers from 0 to 1")
_SMOOTHING = (_smoothing, "a number of bins from 0.01 to 10, or null")
_TEXTS = (_texts, f"a list of texts of at most {MAX_TEXT} characters")

_OPTIONS: dict[str, tuple[Check, str]] = {
    "axes_scale": (_one_of(_is_scale, _list_of(_is_scale)), "'linear' or 'log', or a list of these"),
    "bins": (_one_of(_bins, _list_of(_bins)), f"a number from 2 to {MAX_BINS}, or a list of these"),
    "color": _COLOUR_OPTION,
    "fill_contours": _BOOL,
    "hist_bin_factor": (_one_of(_factor, _list_of(_factor)), "a number from 0.1 to 10, or a list of these"),
    "label_kwargs": _FONT,
    "labelpad": (_number(-1, 2), "a number from -1 to 2"),
    "labels": _TEXTS,
    "levels": (_are_levels, f"a rising list of at most {MAX_LEVELS} numbers between 0 and 1"),
    "max_n_ticks": (_integer(0, 20), "a number from 0 to 20"),
    "no_fill_contours": _BOOL,
    "plot_contours": _BOOL,
    "plot_datapoints": _BOOL,
    "plot_density": _BOOL,
    "quantiles": _FRACTIONS,
    "range": (
        _list_of(_one_of(_inner_fraction, _is_interval)),
        "a list of [low, high] or of fractions, one a parameter",
    ),
    "reverse": _BOOL,
    "scale_hist": _BOOL,
    "show_titles": _BOOL,
    "smooth": _SMOOTHING,
    "smooth1d": _SMOOTHING,
    "title_fmt": (
        _one_of(_is_null, _is_number_format, _list_of(_is_number_format)),
        "a number format like '.2f', or a list of these",
    ),
    "title_kwargs": _FONT,
    "title_quantiles": (_one_of(_is_null, _list_of(_fraction, 3)), "a list of three numbers from 0 to 1"),
    "titles": _TEXTS,
    "top_ticks": _BOOL,
    "truth_color": _COLOUR_OPTION,
    "truths": (
        _one_of(_is_null, _list_of(_one_of(_is_null, _any_number))),
        "a list of numbers or null, one a parameter",
    ),
    "use_math_text": _BOOL,
    "var_names": (
        _one_of(_is_null, _is_name, _list_of(_is_name)),
        "the names of the parameters to draw, in this order, or null",
    ),
}
