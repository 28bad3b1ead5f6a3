"""The files that photometry and spectra came in, byte for byte: each is kept once, under the SHA-256 of its content.

What a file says beside the records that were read from it (rows that are no measurements, a header) belongs to whoever
sees them. So it is shown to those who see every one of its records, and removed with the first of them: a number that
was taken back can then be read nowhere.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.http.errors import NotFound
from chalicelib.ids import new_id
from chalicelib.sources import blobs
from chalicelib.sources.items.own_file import OWN_FILE, OwnFile
from chalicelib.sources.source.access import readable_source
from chalicelib.sources.source.partition import data_of, records_of

FILE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it came, of photometry or of spectra."""

    of: str
    """photometry or spectra"""
    name: str
    content: bytes


def keep_original(obj_id: str, original: Original, record_ids: Iterable[int]) -> None:
    """Keep a file beside the records that it was read into; the same file with the same records is kept already."""
    key = OWN_FILE + hashlib.sha256(original.content).hexdigest()
    ids = _packed(record_ids)
    before = _found(obj_id, key)
    if before is not None and before.record_ids == ids:
        return
    content_key = blobs.key_of(obj_id, f"file-{key.removeprefix(OWN_FILE)}-{new_id()}")
    blobs.put(content_key, original.content, content_type=FILE)
    OwnFile(
        obj_id,
        key,
        name=original.name,
        of=original.of,
        size=len(original.content),
        content_key=content_key,
        record_ids=ids,
    ).save()
    if before is not None:
        blobs.remove(before.content_key)


def forget_originals(obj_id: str, record_id: int) -> None:
    """Remove the files that a record was read from; call it before the record is removed."""
    for file in _files(obj_id):
        if record_id in _numbers(file):
            file.delete()
            blobs.remove(file.content_key)


def originals_of(caller: Caller, obj_id: str) -> list[OwnFile]:
    """Return the files of a source that a caller may see, oldest first.

    Raises
    ------
    NotFound
        "Source not found".
    """
    readable_source(caller, obj_id)
    files = list(_files(obj_id))
    if not files:
        return []
    data = data_of(caller, obj_id, {"photometry", "spectra"})
    seen = {point.id for point in data.photometry} | {spectrum.id for spectrum in data.spectra}
    shown = (file for file in files if seen.issuperset(_numbers(file)))
    return sorted(shown, key=lambda file: (file.created_at, file.id))


def original_of(caller: Caller, obj_id: str, file_id: str) -> Original:
    """Return a file of a source; raise NotFound if there is none that the caller may see."""
    found = next((file for file in originals_of(caller, obj_id) if file.id == file_id), None)
    if found is None:
        raise NotFound("File not found")
    return Original(found.of, found.name, blobs.get(found.content_key))


def original_record(file: OwnFile) -> dict[str, Any]:
    """Return a file, without its content, as JSON."""
    return {
        "id": file.id,
        "name": file.name,
        "of": file.of,
        "bytes": file.size,
        "records": len(_numbers(file)),
        "created_at": clock.iso(file.created_at),
    }


def _packed(record_ids: Iterable[int]) -> bytes:
    """Return numbers as the steps between them: those of an upload follow one another, and take next to nothing."""
    return blobs.pack([after - before for before, after in pairwise([0, *sorted(set(record_ids))])])


def _numbers(file: OwnFile) -> set[int]:
    return set(accumulate(blobs.unpack(file.record_ids)))


def _found(obj_id: str, key: str) -> OwnFile | None:
    try:
        return OwnFile.get(obj_id, key, consistent_read=True)
    except OwnFile.DoesNotExist:
        return None


def _files(obj_id: str) -> Iterator[OwnFile]:
    return (item for item in records_of(obj_id, OWN_FILE) if isinstance(item, OwnFile))
