"""Prints what the operations cost in AWS calls and DynamoDB capacity, and how their times compare: `make bench`."""

import sys
from collections.abc import Iterator

from benchmarks import corner_plots, periodograms
from benchmarks.costs import Cost, costs_beside, photometry_costs
from benchmarks.world import empty_world

SIZES = (10, 1_000, 10_000)
POINTS = (100, 10_000)


def main(sizes: tuple[int, ...], points: tuple[int, ...]) -> None:
    """Measure everything, with more and more in the tables."""
    print("### A periodogram beside astropy's\n")
    print("\n".join(periodograms.rows()), flush=True)
    print("\n### A corner plot beside corner's own\n")
    print("\n".join(corner_plots.rows()), flush=True)
    with empty_world() as world:
        by_points = {number: photometry_costs(world, number) for number in points}
        print("\n### A source with so many points of photometry\n")
        print("\n".join(_table(by_points, unit="read the source")), flush=True)
        by_size = {size: costs_beside(world, size) for size in sizes}
        print("\n### Beside so many analyses and groups that the caller cannot see, and so many of the caller's own\n")
        print("\n".join(_table(by_size, unit="read an analysis")))


def _table(columns: dict[int, dict[str, Cost]], unit: str) -> Iterator[str]:
    """Yield a Markdown table of the operations at each size; times are multiples of that of `unit` at the first."""
    yield "| operation | " + " | ".join(f"{size:,}".replace(",", " ") for size in columns) + " |"
    yield "|---" * (len(columns) + 1) + "|"
    first = next(iter(columns.values()))
    for name in first:
        yield f"| {name} | " + " | ".join(column[name].text(first[unit].seconds) for column in columns.values()) + " |"


if __name__ == "__main__":
    chosen = tuple(int(argument) for argument in sys.argv[1:])
    main(chosen or SIZES, POINTS if not chosen else (chosen[0],))
