"""The parameters of a run that its user may choose."""

from dataclasses import dataclass

from failures import InputError
from models import SOURCE_VERSIONS


@dataclass(frozen=True)
class Parameters:
    """What the user may choose; steps are per walker, and without a seed each run draws its own."""

    source: str = "salt3"
    nsamples: int = 200
    nburn: int = 150
    seed: int | None = None


def read_parameters(given: object) -> Parameters:
    """Check the analysis parameters; numbers may come as text.

    Raises
    ------
    InputError
        A parameter is unknown or out of range.
    """
    if not isinstance(given, dict):
        raise InputError("analysis_parameters must be an object.")
    # The sender has applied correct_extinction to the photometry already.
    unknown = sorted(set(given) - {"source", "nsamples", "nburn", "seed", "correct_extinction"})
    if unknown:
        raise InputError(f"Unknown parameters: {', '.join(unknown)}; this service takes source, nsamples, nburn, seed.")
    default = Parameters()
    source = given.get("source", default.source)
    if not isinstance(source, str) or source not in SOURCE_VERSIONS:
        raise InputError(f"There is no source {source!r}; choose one of: {', '.join(SOURCE_VERSIONS)}.")
    return Parameters(
        source=source,
        nsamples=_whole_number(given, "nsamples", default.nsamples, (10, 1000)),
        nburn=_whole_number(given, "nburn", default.nburn, (0, 1000)),
        seed=None if given.get("seed") in (None, "") else _whole_number(given, "seed", 0, (0, 2**32 - 1)),
    )


def _whole_number(given: dict[str, object], name: str, default: int, limits: tuple[int, int]) -> int:
    value = given.get(name, default)
    low, high = limits
    try:
        number = int(value) if isinstance(value, str) else value
    except ValueError:
        number = None
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int) or not low <= number <= high:
        raise InputError(f"{name} must be a whole number from {low} to {high}, not {str(value)[:40]!r}.")
    return number
