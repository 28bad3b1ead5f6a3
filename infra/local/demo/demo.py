"""The demo: a real supernova goes out to a fitter and comes back as a fit, all over the HTTP API."""

import base64
import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local import programs
from infra.local.demo import many, report
from infra.local.demo.client import UNFINISHED, Client
from infra.local.demo.setting import prepare
from infra.local.demo.sign_in_link import show, sign_in_link
from infra.local.errors import StackError

_OBJECT = "19dwz"
_LONGEST_SECONDS = 180.0
_POLL_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a demo takes place.

    Parameters
    ----------
    url : str
        Of the API.
    token : str
        The administrator's.
    fitter_url : str
        Of the analysis service.
    output : Path
        Folder for what comes back.
    serves_on : bool
        Whether the stack goes on after the demo.
    """

    url: str
    token: str
    fitter_url: str
    output: Path
    serves_on: bool
    others: Mapping[str, str] = field(default_factory=dict)
    """Of further services by name: with them, all demonstration data are loaded."""


def demonstrate(stage: Stage) -> None:
    """Load the supernova, have it fitted, save what comes back and say how to go on.

    Raises
    ------
    StackError
        The analysis did not complete.
    Refused
        The API refused a step.
    """
    client = Client(stage.url, stage.token)
    supernova = _supernova()
    service_id = prepare(client, supernova, stage.fitter_url)
    report.loaded(supernova)
    report.say(f"ready {stage.url}")
    if stage.serves_on:
        link = sign_in_link(client, stage.url)
        report.pages(link)
        show(link)

    analysis_id = client.data(
        "POST",
        f"/api/obj/{_OBJECT}/analysis/{service_id}",
        {"analysis_parameters": {"source": "salt3", "seed": 1}, "show_parameters": True, "show_plots": True},
    )["id"]
    report.show_progress(_states(client, analysis_id))
    analysis = client.data("GET", f"/api/obj/analysis/{analysis_id}", includeAnalysisData=True)
    if analysis["status"] != "completed":
        raise StackError(f"Analysis {analysis_id} is {analysis['status']}: {analysis['status_message']}")
    results = client.data("GET", f"/api/obj/analysis/{analysis_id}/results")
    report.fitted(analysis["status_message"], results)
    report.saved(_save(client, analysis, results, stage.output))
    if stage.others:
        many.load(client, stage.others, service_id)
    if stage.serves_on:
        report.go_on(stage.url, stage.token, _OBJECT, analysis_id)


def _supernova() -> dict[str, Any]:
    """Read the object from the wheel in the fitter's environment."""
    command = [str(programs.fitter_python()), "demo_data.py", _OBJECT]
    done = subprocess.run(command, cwd=programs.FITTER, capture_output=True, check=False, text=True)  # noqa: S603
    if done.returncode != 0:
        raise StackError(f"The supernova's data cannot be read: {done.stderr.strip().splitlines()[-1]}")
    supernova: dict[str, Any] = json.loads(done.stdout)
    return supernova


def _states(client: Client, analysis_id: int) -> Iterator[str]:
    """Yield the state again and again until it is final.

    Raises
    ------
    StackError
        It takes too long.
    """
    deadline = time.monotonic() + _LONGEST_SECONDS
    while time.monotonic() < deadline:
        state = str(client.data("GET", f"/api/obj/analysis/{analysis_id}")["status"])
        yield state
        if state not in UNFINISHED:
            return
        time.sleep(_POLL_SECONDS)
    raise StackError(f"Analysis {analysis_id} has not ended within {_LONGEST_SECONDS:g} s.")


def _save(client: Client, analysis: dict[str, Any], results: dict[str, Any], output: Path) -> list[Path]:
    """Save the products and return where."""
    path = f"/api/obj/analysis/{analysis['id']}"
    contents = {
        "lightcurve.png": client.content(f"{path}/plots/0"),
        "corner.png": client.content(f"{path}/corner"),
        "results.json": json.dumps(results, indent=2).encode(),
        "inference_data.nc": base64.b64decode(analysis["data"]["inference_data"]["data"]),
    }
    output.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (output / name).write_bytes(content)
    return [output / name for name in contents]
