"""Titles above the histograms: corner's own where they show the errors, others where they do not."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from chalicelib.products.corner.lettering import is_readable, readable_value, value_with_errors
from chalicelib.products.corner.zero_points import ZeroPoint
from chalicelib.products.samples import Columns


def better_titles(columns: Columns, options: Mapping[str, Any], zeros: Sequence[ZeroPoint | None]) -> list[str | None]:
    """Return the titles that stand in place of corner's own, by parameter; None where its own stays."""
    names = options.get("titles") or options["labels"] or [None] * len(columns)
    formats = options.get("title_fmt", "")
    if not options["show_titles"] or formats is None:
        return [None] * len(columns)
    fractions = 100 * np.array(options.get("title_quantiles") or options["quantiles"] or (0.16, 0.5, 0.84))
    return [
        _better(name, formats if isinstance(formats, str) else formats[index], np.percentile(values, fractions), zero)
        for index, (name, values, zero) in enumerate(zip(names, columns.values(), zeros, strict=True))
    ]


def _better(name: str | None, number_format: str, quantiles: Sequence[float], zero: ZeroPoint | None) -> str | None:
    if zero is None and (number_format or is_readable(quantiles)):
        return None
    if number_format:
        value = value_with_errors(quantiles, number_format)
    else:
        value = readable_value(quantiles, in_full=zero is not None)
    return value if name is None else f"{name} = {value}"
