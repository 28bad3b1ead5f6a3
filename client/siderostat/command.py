"""`siderostat run`, `wait`, `get`, `import` and `services`.

The exit status: 0 completed or done, 1 the analysis failed, 2 wrong usage, 3 refused by the API, 4 not reachable,
5 it has not ended in time.
"""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from siderostat import output
from siderostat.api import Api, Refused, Unreachable
from siderostat.saving import save

FAILED, USAGE, REFUSED, UNREACHABLE, NOT_YET = 1, 2, 3, 4, 5
_ENDED = {"completed": 0, "queued": NOT_YET, "pending": NOT_YET}

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
_settings: dict[str, Api] = {}

Json = Annotated[bool, typer.Option("--json", help="print JSON, for scripts")]
Seconds = Annotated[float, typer.Option("--timeout", help="s to wait for the end")]


@app.callback()
def connect(
    token: Annotated[str, typer.Option(envvar="SIDEROSTAT_TOKEN", help="your API token")] = "",
    url: Annotated[str, typer.Option(envvar="SIDEROSTAT_URL", help="where Siderostat is")] = "http://127.0.0.1:8000",
) -> None:
    """Run analyses from the command line."""
    if not token:
        raise typer.BadParameter("give your API token with --token, or in SIDEROSTAT_TOKEN", param_hint="--token")
    _settings["api"] = Api(url, token)


@app.command()
def services(*, as_json: Json = False) -> None:
    """List the analysis services that you can use."""
    found = _settings["api"].data("GET", "/api/analysis_service")
    if as_json:
        output.as_json(found)
        return
    rows = [{**one, "parameters": list(one["optional_analysis_parameters"])} for one in found if one["enabled"]]
    output.as_table(("id", "name", "analysis_type", "input_data_types", "parameters"), rows)


@app.command("run")
def start(
    object_id: Annotated[str, typer.Argument(metavar="OBJECT")],
    service: Annotated[str, typer.Argument(help="its name or its id")],
    parameter: Annotated[list[str] | None, typer.Option("-p", "--parameter", metavar="NAME=VALUE")] = None,
    timeout: Seconds = 3600,
    *,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="only start it")] = False,
    as_json: Json = False,
) -> None:
    """Start an analysis of an object, and wait for it."""
    api = _settings["api"]
    parameters = dict(_parameter(text) for text in parameter or [])
    body = {"analysis_parameters": parameters, "show_parameters": True, "show_plots": True, "show_corner": True}
    started = api.data("POST", f"/api/obj/{object_id}/analysis/{_service_id(api, service)}", body)["id"]
    if no_wait:
        output.as_json({"id": started}) if as_json else print(started)
        return
    _finish(_waited(api, [started], timeout), as_json=as_json)


@app.command()
def wait(
    analysis: Annotated[list[int], typer.Argument(help="ids of analyses")],
    timeout: Seconds = 3600,
    *,
    as_json: Json = False,
) -> None:
    """Wait until analyses have ended."""
    _finish(_waited(_settings["api"], analysis, timeout), as_json=as_json)


@app.command()
def get(
    analysis: Annotated[int, typer.Argument(help="the id of an analysis")],
    folder: Annotated[Path | None, typer.Option("-o", "--output", help="save results, plots, posterior here")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Show what an analysis found, or save all of it."""
    api = _settings["api"]
    record = api.data("GET", f"/api/obj/analysis/{analysis}")
    if record["status"] != "completed":
        _finish([record], as_json=as_json)
    saved = [] if folder is None else save(api, record, folder)
    found = _results(api, analysis)
    if as_json:
        output.as_json({"analysis": record, "results": found, "files": [str(file) for file in saved]})
        return
    output.people.print(record["status_message"] or "", markup=False)
    if isinstance(found, dict):
        output.results(found)
    for file in saved:
        print(file)


@app.command("import")
def import_files(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="CSV, ECSV, FITS or JSON")],
    object_id: Annotated[str, typer.Option("--object", help="whose data they are")],
    ra: Annotated[float | None, typer.Option(help="degrees, for an object that is not there yet")] = None,
    dec: Annotated[float | None, typer.Option(help="the same")] = None,
    observed_at: Annotated[str | None, typer.Option(help="when a spectrum was taken that does not say it")] = None,
    zp: Annotated[float | None, typer.Option(help="AB zero point of fluxes without a unit")] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what is in the files")] = False,
    as_json: Json = False,
) -> None:
    """Put photometry and spectra of an object into Siderostat: all of the files, or none of them."""
    api = _settings["api"]
    if ra is not None and dec is not None and not dry_run:
        api.data("POST", "/api/sources", {"id": object_id, "ra": ra, "dec": dec})
    options = {"objID": object_id, "observed_at": observed_at, "zp": zp}
    looked = [_look(api, file, options) for file in files]
    problems = [
        {"file": str(file), **problem}
        for file, (_, answer) in zip(files, looked, strict=True)
        for problem in answer["problems"]
    ]
    for problem in () if as_json else problems:
        where = f"{problem['file']}: line {problem['line']}, column {problem['column']}"
        output.people.print(f"{where}: {problem['text']}", markup=False, soft_wrap=True)
    answers = [answer for _, answer in looked]
    if not problems and not dry_run:
        with _progress() as progress:
            task = progress.add_task("import", total=len(files))
            answers = []
            for file, (path, _) in zip(files, looked, strict=True):
                answers.append(
                    api.send(path, file.read_bytes(), name=file.name.encode(errors="replace").decode(), **options)
                )
                progress.advance(task)
    rows = [{"file": str(file), **answer} for file, answer in zip(files, answers, strict=True)]
    output.as_json(rows) if as_json else output.as_table(("file", "rows", "left_out"), rows)
    raise typer.Exit(FAILED if problems else 0)


def _look(api: Api, file: Path, options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Ask what is in a file, as photometry and, if it is none, as spectra; return where it belongs and the answer."""
    content = file.read_bytes()
    photometry = api.send("/api/photometry_file", content, dry_run=True, **options)
    if photometry["problems"]:
        spectra = api.send("/api/spectrum_file", content, dry_run=True, **options)
        if "wavelengths" in spectra["columns"]:
            return "/api/spectrum_file", spectra
    return "/api/photometry_file", photometry


def _parameter(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign:
        raise typer.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--parameter")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _service_id(api: Api, service: str) -> int:
    if service.isdecimal():
        return int(service)
    found = api.data("GET", "/api/analysis_service")
    ids = [one["id"] for one in found if service in {one["name"], one["display_name"]}]
    if not ids:
        names = ", ".join(one["name"] for one in found) or "none"
        raise typer.BadParameter(f"there is no service {service!r}; there are: {names}", param_hint="SERVICE")
    return int(ids[0])


def _progress() -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=output.people, transient=True, disable=not output.people.is_terminal)


def _waited(api: Api, analyses: list[int], seconds: float) -> list[dict[str, Any]]:
    records = []
    with _progress() as progress:
        for analysis in analyses:
            task = progress.add_task(f"{analysis}", total=None)
            records.append(
                api.wait(
                    analysis,
                    seconds,
                    lambda record, task=task: progress.update(  # type: ignore[misc] # a lambda has no types
                        task, description=f"{record['id']} {record['obj_id']} {record['status']}"
                    ),
                )
            )
            progress.update(task, total=1, completed=1)
    return records


def _finish(records: list[dict[str, Any]], *, as_json: bool) -> None:
    """Show the records and end with the status of the worst."""
    if as_json:
        output.as_json(records if len(records) > 1 else records[0])
    else:
        output.as_table(("id", "obj_id", "analysis_service_name", "status", "status_message"), records)
    worst = max((_ENDED.get(record["status"], FAILED) for record in records), default=0)
    failed = any(_ENDED.get(record["status"], FAILED) == FAILED for record in records)
    raise typer.Exit(FAILED if failed else worst)


def _results(api: Api, analysis: int) -> Any:  # noqa: ANN401 - whatever an analysis found
    try:
        return api.data("GET", f"/api/obj/analysis/{analysis}/results")
    except Refused:
        return None


def run() -> None:
    """Be the command `siderostat`."""
    try:
        app()
    except Refused as error:
        output.people.print(str(error), markup=False)
        sys.exit(REFUSED)
    except Unreachable as error:
        output.people.print(str(error), markup=False)
        sys.exit(UNREACHABLE)


if __name__ == "__main__":
    run()
