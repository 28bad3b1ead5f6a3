"""`python -m infra.local export OBJECT…`: the files that a source came in, byte for byte, and all of it normalised.

Normalised files are read by import anywhere and make the same source, to the last digit.
"""

import csv
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from infra.local.demo.client import Client, Refused
from infra.local.errors import StackError
from infra.local.options import Export
from infra.local.own_data.normalised import spectrum_text
from infra.local.own_data.reading import SOURCE
from infra.local.own_data.token import token_of

_PHOTOMETRY = (
    "mjd",
    "filter",
    "mag",
    "magerr",
    "limiting_mag",
    "flux",
    "fluxerr",
    "zp",
    "magsys",
    "ra",
    "dec",
    "origin",
)
_ROUNDED = {"mag": 9, "magerr": 9, "limiting_mag": 9}
"""Decimals: what was posted as 19.5 went through a flux, and is 19.5 again."""
_SAME = 1e-9
_SOURCE = ("id", "ra", "dec", "redshift", "redshift_error", "redshift_origin", "alias", "summary")
_LONGEST_NAME = 255
"""Bytes of the name of a file, as file systems have it."""
_ORIGINAL = "original"
"""The folder, and the word for it; import reads what lies beside it."""
_SPECTRUM = ("observed_at", "instrument_name", "units", "origin", "type", "label")


def export(options: Export) -> int:
    """Write a folder for each source, print the files and return the status.

    Raises
    ------
    StackError
        A source does not exist, or the API cannot be reached.
    """
    client = Client(options.url, token_of(options.token, options.data))
    for name in options.obj_ids:
        try:
            for file in _write(client, name, options):
                print(file)
        except Refused as error:
            raise StackError(str(error)) from None
    return 0


def _write(client: Client, name: str, options: Export) -> list[Path]:
    path, folder = f"/api/sources/{quote(name, safe='')}", options.output / name
    files = [] if options.only == _ORIGINAL else _normalised(client, name, path, folder)
    return files if options.only == "normalised" else [*files, *_originals(client, path, folder / _ORIGINAL)]


def _originals(client: Client, path: str, folder: Path) -> list[Path]:
    """Write the files that were imported, as they came, under their own names."""
    files: list[Path] = []
    for kept in client.data("GET", f"{path}/files"):
        folder.mkdir(parents=True, exist_ok=True)
        name = kept["name"].replace("\\", "/").rpartition("/")[2]
        if name in {"", ".", ".."} or folder / name in files:
            name = f"{kept['id'][:8]}-{name.strip('.')}"
        if len(name.encode()) > _LONGEST_NAME:
            name = kept["id"] + Path(name).suffix[:10]
        files.append(folder / name)
        files[-1].write_bytes(client.content(f"{path}/files/{kept['id']}"))
    return files


def _normalised(client: Client, name: str, path: str, folder: Path) -> list[Path]:
    record = client.data("GET", path, includeComments="true")
    more = {kind: client.data("GET", f"{path}/{kind}") for kind in ("annotations", "comments", "classifications")}
    photometry = client.data("GET", f"{path}/photometry", format="both")
    spectra = client.data("GET", f"{path}/spectra")["spectra"]
    folder.mkdir(parents=True, exist_ok=True)
    source = {key: record.get(key) for key in _SOURCE}
    (folder / SOURCE).write_text(json.dumps({**source, **more}, indent=2, default=str) + "\n")
    files = [folder / SOURCE]
    if photometry:
        files.append(folder / "photometry.csv")
        with files[-1].open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["obj_id", *_PHOTOMETRY, "instrument", "altdata"])
            writer.writerows(_row(name, point) for point in photometry)
    for number, spectrum in enumerate(spectra):
        files.append(folder / f"spectrum_{number}.csv")
        files[-1].write_text(_spectrum(name, spectrum))
    return files


def _row(name: str, point: Mapping[str, Any]) -> list[Any]:
    altdata = json.dumps(point["altdata"]) if point["altdata"] else None
    if point["limiting_mag"] is not None and abs(point["limiting_mag"] - _five_sigma(point)) < _SAME:
        point = {**point, "limiting_mag": None}  # nobody posted it
    return [name, *(_cell(key, point[key]) for key in _PHOTOMETRY), point["instrument_name"], altdata]


def _five_sigma(point: Mapping[str, Any]) -> float:
    """Return the limit that the API derives of the error where none was posted."""
    return float(point["zp"] - 2.5 * math.log10(5 * point["fluxerr"]))


def _cell(key: str, value: Any) -> Any:  # noqa: ANN401 - any cell
    return round(value, _ROUNDED[key]) if key in _ROUNDED and value is not None else value


def _spectrum(name: str, spectrum: Mapping[str, Any]) -> str:
    facts = {"obj_id": name, **{key: spectrum.get(key) for key in _SPECTRUM}}
    return spectrum_text(facts, spectrum["wavelengths"], spectrum["fluxes"], spectrum["errors"])
