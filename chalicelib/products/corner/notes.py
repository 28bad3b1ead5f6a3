"""What a corner plot says of what it does not show."""

from chalicelib.products.corner.lettering import literal
from chalicelib.products.samples import Chosen

_MOST_NAMES = 3


def notes(chosen: Chosen, every: int) -> list[str]:
    """Return sentences: of parameters that are left out, and of draws that are not used or not drawn as points.

    Parameters
    ----------
    chosen : Chosen
        What is drawn.
    every : int
        Which of the draws are points: all (1), every second, third …
    """
    facts, parameters, used = chosen.facts, len(chosen.columns), len(next(iter(chosen.columns.values())))
    sentences = []
    if facts.left_out:
        total = parameters + facts.left_out
        sentences.append(
            f"{parameters} of {total} parameters are shown, {facts.left_out} are left out: choose with var_names."
        )
    if facts.unequal:
        names = ", ".join(literal(name) for name in facts.unequal[:_MOST_NAMES])
        more = "" if len(facts.unequal) <= _MOST_NAMES else f" and {len(facts.unequal) - _MOST_NAMES} more"
        sentences.append(f"Left out for having another number of draws: {names}{more}.")
    if used < facts.draws:
        sentences.append(f"Thinned: {_number(used)} of {_number(facts.draws)} draws are used.")
    if every > 1:
        sentences.append(f"Thinned: one draw in {every} is shown as a point.")
    return sentences


def _number(count: int) -> str:
    return f"{count:,}".replace(",", "\N{NO-BREAK SPACE}")
