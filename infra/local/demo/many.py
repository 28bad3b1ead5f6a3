"""`make run DEMO=many`: the objects that the product ships, and a finished analysis of each kind on them."""

import csv
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from infra.local.demo import report
from infra.local.demo.client import UNFINISHED, Client
from infra.local.demo.setting import register
from infra.local.errors import StackError

DATA = Path(__file__).parent / "data"
_PLACES = {"ZTF18aabcvnq": (172.0534465, 25.6596908), "NGC3522": (166.66859, 20.085556), "NGC3073": (150.2172, 55.6188)}
"""Degrees; of the others the position is not known here."""
_LONGEST_SECONDS = 3600.0
_POLL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Services:
    """Numbers of the services by what they are good for."""

    fitter: int
    classifier: int
    spectral_type: int


def load(client: Client, urls: Mapping[str, str], fitter: int) -> None:
    """Load all objects, run what fits each of them, and wait until all has ended.

    Parameters
    ----------
    urls : mapping
        Of the two services beside the fitter, by name.
    fitter : int
        Number of the fitter.

    Raises
    ------
    StackError
        Not all analyses have completed.
    """
    services = Services(
        fitter,
        _service(client, "light_curve_classifier", urls, "meta_analysis", ["photometry", "classifications"]),
        _service(client, "spectral_type", urls, "spectrum_fitting", ["spectra", "redshift"]),
    )
    supernovae, spectra = list(_supernovae(client)), list(_spectra(client))
    _source(client, "ZTF18aabcvnq", None)
    _photometry(client, "ZTF18aabcvnq", (DATA / "ZTF18aabcvnq.csv").read_bytes())
    report.say(f"objects      {len(supernovae)} supernovae, {len(spectra)} galaxies, a variable star")
    wanted = [(name, services.fitter) for name in supernovae]
    wanted += [(name, services.classifier) for name in (*supernovae, "ZTF18aabcvnq")]
    wanted += [(name, services.spectral_type) for name in spectra]
    # the fitter fits one after the other: what waits here has not begun to run out of time
    client.data("PUT", f"/api/analysis_service/{fitter}/limits", {"max_in_flight": 2})
    runs = [_start(client, name, service, services) for name, service in wanted]
    counts = Counter(_ends(client, runs))
    report.say(f"analyses     {', '.join(f'{number} {state}' for state, number in counts.most_common())}")
    if set(counts) - {"completed", "failure"}:
        raise StackError("Not all analyses of the demonstration data have ended.")


def _service(client: Client, name: str, urls: Mapping[str, str], kind: str, inputs: list[str]) -> int:
    facts: dict[str, Any] = {"url": f"{urls[name]}/analysis", "authentication_type": "none", "analysis_type": kind}
    facts |= {"input_data_types": inputs, "timeout": 3600, "optional_analysis_parameters": {}}
    return register(client, name, facts)


def _supernovae(client: Client) -> Iterator[str]:
    """Store the supernovae, each with its own rows of the file."""
    with (DATA / "redshifts.csv").open(newline="") as file:
        redshifts = {row["obj_id"]: float(row["redshift"]) for row in csv.DictReader(file)}
    header, *rows = (DATA / "supernovae.csv").read_text().splitlines()
    for name, redshift in redshifts.items():
        _source(client, name, redshift)
        _photometry(client, name, "\n".join([header, *(row for row in rows if row.startswith(f"{name},"))]).encode())
        yield name


def _spectra(client: Client) -> Iterator[str]:
    for name in ("NGC3522", "NGC3073"):
        _source(client, name, None)
        answer = client.send("/api/spectrum_file", (DATA / f"{name}.csv").read_bytes(), objID=name)
        _no_problems(name, answer)
        yield name


def _source(client: Client, name: str, redshift: float | None) -> None:
    """Store a source; one whose position is not known stands at a place of its own that means nothing."""
    if client.has(f"/api/sources/{quote(name)}"):
        return
    ra, dec = _PLACES.get(name, (float(sum(map(ord, name)) % 360), 85.0))
    altdata = None if name in _PLACES else {"position": "not in the data: a place that means nothing"}
    known = {} if redshift is None else {"redshift": redshift}
    client.data("POST", "/api/sources", {"id": name, "ra": ra, "dec": dec, "altdata": altdata, **known})


def _photometry(client: Client, name: str, content: bytes) -> None:
    _no_problems(name, client.send("/api/photometry_file", content, objID=name))


def _no_problems(name: str, answer: Mapping[str, Any]) -> None:
    for problem in answer["problems"]:
        raise StackError(f"{name}: line {problem['line']}, column {problem['column']}: {problem['text']}")


def _start(client: Client, name: str, service: int, services: Services) -> int:
    parameters = {"seed": 1} if service == services.fitter else {}
    body = {"analysis_parameters": parameters, "show_parameters": True, "show_plots": True, "show_corner": True}
    return int(client.data("POST", f"/api/obj/{quote(name)}/analysis/{service}", body)["id"])


def _ends(client: Client, runs: list[int]) -> Iterator[str]:
    """Yield how each run ended, or how it is when the time is over."""
    deadline = time.monotonic() + _LONGEST_SECONDS
    for run in runs:
        while (state := client.data("GET", f"/api/obj/analysis/{run}")["status"]) in UNFINISHED:
            if time.monotonic() > deadline:
                break
            time.sleep(_POLL_SECONDS)
        yield str(state)
