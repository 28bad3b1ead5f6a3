"""Parameters whose samples all but agree, such as the time of an event: drawn relative to a round number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.products.corner.lettering import reference, relative_to
from chalicelib.products.samples import Columns


@dataclass(frozen=True)
class ZeroPoint:
    """What is subtracted from the samples of a parameter, and how it is written."""

    number: float
    text: str


def zero_points(columns: Columns, options: Mapping[str, Any]) -> list[ZeroPoint | None]:
    """Return a zero point for each parameter that needs one; a logarithmic axis has none."""
    scales = options.get("axes_scale", "linear")
    return [
        ZeroPoint(*found)
        if (scales if isinstance(scales, str) else scales[index]) == "linear" and (found := reference(values))
        else None
        for index, values in enumerate(columns.values())
    ]


def relative_samples(columns: Columns, zeros: Sequence[ZeroPoint | None]) -> NDArray[np.float64]:
    """Return what is drawn; shape (draws, parameters)."""
    return np.column_stack(
        [values if zero is None else values - zero.number for values, zero in zip(columns.values(), zeros, strict=True)]
    )


def relative_options(options: Mapping[str, Any], zeros: Sequence[ZeroPoint | None]) -> dict[str, Any]:
    """Return the options as they are on the axes; titles keep the names, labels say what was subtracted."""
    if not any(zeros):
        return dict(options)
    changed = dict(options)
    if options["labels"] is not None:
        changed["titles"] = options.get("titles") or options["labels"]
        changed["labels"] = [
            label if zero is None else relative_to(label, zero.number, zero.text)
            for label, zero in zip(options["labels"], zeros, strict=True)
        ]
    if options.get("truths") is not None:
        changed["truths"] = [_moved(truth, zero) for truth, zero in zip(options["truths"], zeros, strict=True)]
    if options.get("range") is not None:
        changed["range"] = [_moved_range(one, zero) for one, zero in zip(options["range"], zeros, strict=True)]
    return changed


def _moved(truth: float | None, zero: ZeroPoint | None) -> float | None:
    return truth if truth is None or zero is None else truth - zero.number


def _moved_range(interval: Any, zero: ZeroPoint | None) -> Any:  # noqa: ANN401 - two numbers, or a fraction of samples
    is_fraction = not isinstance(interval, list | tuple)
    return interval if zero is None or is_fraction else [bound - zero.number for bound in interval]
