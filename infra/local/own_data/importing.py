"""`python -m infra.local import FILE…`: one's own photometry and spectra, in a running stack."""

import sys
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from chalicelib.sources.own_data.limits import MOST_KEPT_ROWS
from infra.local.demo.client import Client, Refused
from infra.local.errors import StackError
from infra.local.options import Import
from infra.local.own_data.bodies import MOST_ROWS, Original, original, points_in_parts, spectra_one_by_one
from infra.local.own_data.reading import FileRead, read_files
from infra.local.own_data.token import token_of

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
        for file in read:
            for name in file.objects:
                if (kept := _kept(file, name)).body is None:
                    _tell_not_kept(file, name, kept.missing, will=True)
        return 0
    client = Client(options.url, token_of(options.token, options.data))
    try:
        return _send(client, read, options)
    except Refused as error:
        raise StackError(f"{error}\nWhat came before it is there; the same command again goes on.") from None


def _send(client: Client, read: Sequence[FileRead], options: Import) -> int:
    objects: dict[str, dict[str, Any]] = {}
    for file in read:
        for name in file.objects:
            objects[name] = {**file.sources.get(name, {}), **objects.get(name, {})}
    for name, facts in objects.items():
        _make_source(client, name, facts, options)
    counts = dict.fromkeys(objects, 0)
    for file in read:
        for name in file.points:
            counts[name] += _send_photometry(client, file, name, options)
        for name in file.spectra:
            _send_spectra(client, file, name, options)
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


def _send_photometry(client: Client, file: FileRead, name: str, options: Import) -> int:
    """Send the points of an object in the file that they came in, or in parts and the file after them; count them."""
    points, kept = file.points[name], _kept(file, name)
    given = {"zp": options.zp, "name": _name(file), "packed": "true" if kept.packed else None}
    if not points:
        return 0
    if kept.body is not None and len(points) <= MOST_ROWS:
        return len(_stored(client, "photometry", name, kept.body, **given))
    count = sum(len(_stored(client, "photometry", name, part, keep="false")) for part in points_in_parts(points))
    if kept.body is None:
        _tell_not_kept(file, name, kept.missing)
    else:
        _stored(client, "photometry", name, kept.body, keep_only="true", **given)
    return count


def _kept(file: FileRead, name: str) -> Original:
    """Return what of a file is kept beside the data of an object, or why nothing is."""
    if len(file.points.get(name, ())) > MOST_KEPT_ROWS:
        return Original(None, missing=f"it has more than {MOST_KEPT_ROWS} rows")
    return original(file, name)


def _tell_not_kept(file: FileRead, name: str, why: str, *, will: bool = False) -> None:
    """Say that a file cannot be given back as it came: all that is in it can, in another form."""
    said = "will be stored" if will else "was stored"
    print(f"{file.path}: what is in it of {name} {said}, the file itself is not kept: {why}.", file=sys.stderr)


def _name(file: FileRead) -> str:
    """Return what a file is called, as text also where its name is none."""
    return file.path.name.encode(errors="replace").decode()


def _send_spectra(client: Client, file: FileRead, name: str, options: Import) -> None:
    kept, given = _kept(file, name), {"observed_at": options.observed_at}
    if kept.body is not None:
        packed = "true" if kept.packed else None
        _stored(client, "spectrum", name, kept.body, name=_name(file), packed=packed, **given)
        return
    for one in spectra_one_by_one(name, file.spectra[name]):
        _stored(client, "spectrum", name, one, keep="false", **given)
    _tell_not_kept(file, name, kept.missing)


def _stored(client: Client, kind: str, obj_id: str, body: bytes, **query: object) -> list[int]:
    given = {key: value for key, value in query.items() if value is not None}
    answer = client.send(f"/api/{kind}_file", body, objID=obj_id, **given)
    if answer["problems"]:
        first = answer["problems"][0]
        raise StackError(f"{obj_id}: line {first['line']}, column {first['column']}: {first['text']}")
    ids: list[int] = answer["ids"]
    return ids
