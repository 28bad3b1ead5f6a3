"""What the demo prints."""

import textwrap
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_SECOND = 1.0


def say(line: str = "", end: str = "\n") -> None:
    """Print at once, also into a pipe."""
    print(line, end=end, flush=True)


def loaded(supernova: dict[str, Any]) -> None:
    """Say what was loaded."""
    blocks = supernova["photometry"]
    points = sum(len(block["data"]["mjd"]) for block in blocks)
    instruments = " and ".join(block["instrument"] for block in blocks)
    say(f"supernova    {supernova['id']}, z = {supernova['redshift']:.5f}, {points} points from {instruments}")
    say("service      sn_fitter: SALT3 with sncosmo")


def show_progress(states: Iterable[str]) -> None:
    """Print each state once, and a dot for each second in it."""
    say("\nanalysis     ", end="")
    began = dotted = time.monotonic()
    before = None
    for state in states:
        if state != before:
            say(state if before is None else f" … {state}", end="")
        elif time.monotonic() - dotted > _SECOND:
            say(".", end="")
        else:
            continue
        before, dotted = state, time.monotonic()
    say(f" ({time.monotonic() - began:.1f} s)")


def fitted(message: str, results: dict[str, Any]) -> None:
    """Print the fit's message and its parameters with their errors."""
    say(textwrap.fill(f"message      {message}", width=100, subsequent_indent=" " * 13) + "\n")
    errors = results["errors"]
    for name, value in results["parameters"].items():
        places = _places(errors[name])
        say(f"  {name:<10} {value:>16.{places}f}  ±  {errors[name]:.{places}f}")
    say(f"  {'chi2/dof':<10} {results['chisq']:>16.1f}  /  {results['ndof']}\n")


def saved(files: Iterable[Path]) -> None:
    """Print where the products lie."""
    for label, file in zip(("light curve", "corner plot", "results", "posterior"), files, strict=True):
        here = file.is_relative_to(Path.cwd())
        say(f"{label:<12} {file.relative_to(Path.cwd()) if here else file}")


def pages(link: str) -> None:
    """Print where the pages are, with a link that signs in."""
    say("\nOpen it in a browser; this link signs you in once, within a quarter of an hour:\n")
    say(f"  {link}")


def go_on(url: str, token: str, object_id: str, analysis_id: int) -> None:
    """Print commands that work as they stand."""
    curl = f"curl -s -H 'Authorization: token {token}'"
    say("\nTry in another terminal:\n")
    say(f"  {curl} {url}/api/obj/{object_id}/analysis")
    say(f"  {curl} {url}/api/obj/analysis/{analysis_id}/results")
    say(f"  {curl} {url}/api/obj/analysis/{analysis_id}/plots/0 -o plot.png\n")


def _places(error: float) -> int:
    """Return the decimals that show an error with two significant digits."""
    return max(0, 1 - int(f"{error:e}".partition("e")[2]))
