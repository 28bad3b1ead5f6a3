"""`python -m infra.local import FILE…`: one's own photometry and spectra, in a running stack."""

import csv
import io
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any
from urllib.parse import quote

from chalicelib.sources.files.photometry import Point
from infra.local.demo.client import Client, Refused
from infra.local.errors import StackError
from infra.local.options import Import
from infra.local.own_data.reading import FileRead, read_files
from infra.local.own_data.token import token_of

_MOST_ROWS = 2_000
"""In one request, so that a busy machine answers in time; the API takes 10 000."""
_MOST_BYTES = 4_000_000
_OF_SOURCE = ("ra", "dec", "redshift", "redshift_error", "redshift_origin", "alias")
_NO_POSITION = {"ra": 0.0, "dec": 0.0}


def import_files(options: Import) -> int:
    """Read all files, and if nothing is wrong with any of them, make the sources and send the data; return the status.

    Raises
    ------
    StackError
        The API cannot be reached, or refuses.
    """
    read, troubles = read_files(options)
    if troubles:
        for trouble in troubles:
            print(trouble, file=sys.stderr)
        print("Nothing was imported.", file=sys.stderr)
        return 1
    for file in read:
        print(f"{file.path}: {file.about}")
    if options.dry_run:
        return 0
    client = Client(options.url, token_of(options.token, options.data))
    try:
        return _send(client, read, options)
    except Refused as error:
        raise StackError(f"{error}\nWhat came before it is there; the same command again goes on.") from None


def _send(client: Client, read: Sequence[FileRead], options: Import) -> int:
    objects: dict[str, dict[str, Any]] = {}
    for file in read:
        for name in (*file.points, *file.spectra):
            objects[name] = {**file.sources.get(name, {}), **objects.get(name, {})}
    for name, facts in objects.items():
        _make_source(client, name, facts, options)
    counts = dict.fromkeys(objects, 0)
    for file in read:
        for name, points in file.points.items():
            for body in _bodies(file, points):
                counts[name] += len(_stored(client, "photometry", name, body, zp=options.zp))
        for name in file.spectra:
            _stored(client, "spectrum", name, file.content, observed_at=options.observed_at)
    for name, count in counts.items():
        spectra = sum(len(file.spectra.get(name, ())) for file in read)
        print(f"{name}: {count} points, {spectra} spectra  {options.url}/sources/{quote(name)}")
    return 0


def _make_source(client: Client, name: str, facts: dict[str, Any], options: Import) -> None:
    if client.has(f"/api/sources/{quote(name, safe='')}"):
        return
    given = {key: getattr(options, key) for key in ("ra", "dec", "redshift") if getattr(options, key) is not None}
    known = {key: facts[key] for key in _OF_SOURCE if facts.get(key) is not None} | given
    if not {"ra", "dec"} <= set(known):
        print(f"{name}: neither file nor --ra and --dec say where it is: 0, 0 stands in.", file=sys.stderr)
    client.data("POST", "/api/sources", {"id": name, **_NO_POSITION, **known})


def _bodies(file: FileRead, points: Sequence[Point]) -> Iterator[bytes]:
    """Yield the file as it is, or, where it is too large or of several objects, its points in parts."""
    if not points:
        return
    if len(file.points) == 1 and len(points) <= _MOST_ROWS and len(file.content) <= _MOST_BYTES:
        yield file.content
        return
    for start in range(0, len(points), _MOST_ROWS):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        names = [field.name for field in fields(Point) if field.name not in {"line", "obj_id", "altdata"}]
        writer.writerow([*names, "zp", "altdata"])
        for point in points[start : start + _MOST_ROWS]:
            altdata = "" if point.altdata is None else json.dumps(point.altdata)
            writer.writerow([*(getattr(point, name) for name in names), 23.9, altdata])
        yield text.getvalue().encode()


def _stored(client: Client, kind: str, name: str, body: bytes, **query: Any) -> list[int]:  # noqa: ANN401 - any query
    given = {key: value for key, value in query.items() if value is not None}
    answer = client.send(f"/api/{kind}_file", body, objID=name, **given)
    if answer["problems"]:
        first = answer["problems"][0]
        raise StackError(f"{name}: line {first['line']}, column {first['column']}: {first['text']}")
    ids: list[int] = answer["ids"]
    return ids
