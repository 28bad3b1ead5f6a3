"""Reads a source with its data: one consistent Query, however many kinds are wanted."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar

from chalicelib.accounts.caller import Caller
from chalicelib.http.errors import NotFound
from chalicelib.sources.items.annotation import ANNOTATION, Annotation
from chalicelib.sources.items.classification import CLASSIFICATION, Classification
from chalicelib.sources.items.comment import COMMENT, Comment
from chalicelib.sources.items.item import Item, Shared
from chalicelib.sources.items.photometry import PHOTOMETRY
from chalicelib.sources.items.photometry_point import PhotometryPoint
from chalicelib.sources.items.reading import items_between
from chalicelib.sources.items.source import SOURCE_SK, Source
from chalicelib.sources.items.spectrum import SPECTRUM, Spectrum
from chalicelib.sources.source.access import OBJ_ID, readable, visible

SharedT = TypeVar("SharedT", bound=Shared)
ReadT = TypeVar("ReadT", bound=Shared | PhotometryPoint)

_PREFIXES = {
    "photometry": PHOTOMETRY,
    "spectra": SPECTRUM,
    "comments": COMMENT,
    "annotations": ANNOTATION,
    "classifications": CLASSIFICATION,
}


@dataclass(frozen=True, slots=True)
class SourceData:
    """A source and what a caller may see of its data; kinds that were not asked for are empty."""

    source: Source
    photometry: tuple[PhotometryPoint, ...] = ()
    """By time."""
    spectra: tuple[Spectrum, ...] = ()
    """By time of observation."""
    comments: tuple[Comment, ...] = ()
    """Oldest first, like annotations and classifications."""
    annotations: tuple[Annotation, ...] = ()
    classifications: tuple[Classification, ...] = ()


def data_of(caller: Caller, obj_id: str, kinds: Collection[str]) -> SourceData:
    """Read a source and its data.

    What lies together is one Query. Comments, annotations and classifications lie on the other side of the photometry:
    if that is not wanted they take a second one, not its megabytes.

    Parameters
    ----------
    kinds : collection of str
        Of "photometry", "spectra", "comments", "annotations", "classifications"; others need the source alone.

    Raises
    ------
    NotFound
        "Source not found".
    """
    if not OBJ_ID.fullmatch(obj_id):
        raise NotFound("Source not found")
    prefixes = sorted(_PREFIXES[kind] for kind in kinds if kind in _PREFIXES)
    items = [item for low, high in _ranges(prefixes) for item in items_between(obj_id, low, high)]
    source = next((item for item in items if isinstance(item, Source)), None)
    wanted = [item for item in items if item.sk.startswith(tuple(prefixes))]
    return SourceData(
        source=readable(caller, source),
        photometry=_of(PhotometryPoint, caller, wanted),
        spectra=tuple(sorted(_of(Spectrum, caller, wanted), key=lambda item: (item.observed_at, item.id))),
        comments=_oldest_first(_of(Comment, caller, wanted)),
        annotations=_oldest_first(_of(Annotation, caller, wanted)),
        classifications=_oldest_first(_of(Classification, caller, wanted)),
    )


def records_of(obj_id: str, prefix: str) -> list[Item]:
    """Read all records of one kind, whoever may see them; one consistent Query."""
    return list(Item.query(obj_id, Item.sk.between(prefix, _end(prefix)), consistent_read=True))


def _ranges(prefixes: list[str]) -> list[tuple[str, str]]:
    """Return ranges of the sort key that hold the source and all that begins with the prefixes."""
    high = _end(SPECTRUM) if SPECTRUM in prefixes else SOURCE_SK
    if PHOTOMETRY in prefixes:
        return [(prefixes[0], high)]
    before = [prefix for prefix in prefixes if prefix < PHOTOMETRY]
    return [(SOURCE_SK, high)] + ([(before[0], _end(before[-1]))] if before else [])


def _end(prefix: str) -> str:
    """Return what sorts behind all keys with a prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _of(kind: type[ReadT], caller: Caller, items: list[Item | PhotometryPoint]) -> tuple[ReadT, ...]:
    return visible(caller, (item for item in items if isinstance(item, kind)))


def _oldest_first(records: tuple[SharedT, ...]) -> tuple[SharedT, ...]:
    return tuple(sorted(records, key=lambda record: record.id))
