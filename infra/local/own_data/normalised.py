"""A spectrum as a table that import reads, to the last digit."""

import math
from collections.abc import Mapping, Sequence

Fluxes = Sequence[float | None]


def spectrum_text(
    facts: Mapping[str, object], wavelengths: Sequence[float], fluxes: Fluxes, errors: Fluxes | None
) -> str:
    """Return comments with what is known of a spectrum, and its columns; wavelengths in Ångström."""
    lines = [f"# {key.upper()}: {value}" for key, value in facts.items() if value]
    lines.append("wavelength,flux,error" if errors else "wavelength,flux")
    for row in zip(wavelengths, fluxes, errors or [None] * len(wavelengths), strict=True):
        cells = row if errors else row[:2]
        lines.append(",".join("" if cell is None or math.isnan(cell) else repr(cell) for cell in cells))
    return "\n".join([*lines, ""])
