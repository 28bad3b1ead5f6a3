"""The data of a portal's source, added here to what is there already; doing it twice adds nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.http.errors import ApiError
from chalicelib.http.parsing import validated
from chalicelib.outgoing.get import NotRead
from chalicelib.relay.pull.instruments import Instruments
from chalicelib.relay.pull.portal import Portal
from chalicelib.sources.items.taxonomy import Taxonomy
from chalicelib.sources.photometry.post import MOST_ROWS, PhotometryPost
from chalicelib.sources.photometry.upload import put_photometry
from chalicelib.sources.records.annotations import AnnotationPost, add_annotation
from chalicelib.sources.records.classifications import ClassificationPost, add_classification
from chalicelib.sources.records.comments import CommentPost, add_comment
from chalicelib.sources.records.spectra import SpectrumPost, add_spectrum
from chalicelib.sources.records.taxonomies import TaxonomyPost, add_taxonomy
from chalicelib.sources.source.partition import data_of

_MOST_ROWS = 2 * MOST_ROWS
_MOST_RECORDS = 200
_COMMON = ("mjd", "filter", "magsys", "limiting_mag", "ra", "dec", "origin", "altdata")
_FLUXES, _MAGNITUDES = ("flux", "fluxerr", "zp"), ("mag", "magerr")
_SPECTRUM = ("observed_at", "wavelengths", "fluxes", "errors", "units", "origin", "type", "label", "altdata")


@dataclass(frozen=True, slots=True)
class Copying:
    """A source on its way from a portal to here, in somebody's name."""

    portal: Portal
    caller: Caller
    obj_id: str
    instruments: Instruments


@dataclass(frozen=True, slots=True)
class Copied:
    """How much was added, and why some was not."""

    added: int
    problem: str | None = None


def photometry(copying: Copying) -> Copied:
    """Copy the points that have a flux with its error, a magnitude or a limit; points that are here stay the same."""
    rows = copying.portal.rows("sources", copying.obj_id, "photometry", format="both", magsys="ab")
    filters: dict[object, set[str]] = defaultdict(set)
    for row in rows:
        filters[_instrument_of(row)].add(str(row.get("filter")))
    groups: dict[tuple[int, tuple[str, ...]], list[dict[str, Any]]] = defaultdict(list)
    for row in rows[:_MOST_ROWS]:
        instrument = copying.instruments.of_row(row, filters[_instrument_of(row)])
        space = _space(row)
        if instrument is not None and space is not None and row.get("filter") in instrument.filters:
            groups[instrument.id, space].append(row)
    added = 0
    for (number, space), points in groups.items():
        for first in range(0, len(points), MOST_ROWS):
            part = points[first : first + MOST_ROWS]
            columns = {name: [row.get(name) for row in part] for name in (*_COMMON, *space)}
            columns |= {"magsys": [row.get("magsys") or "ab" for row in part]}
            wanted = {**columns, "obj_id": copying.obj_id, "instrument_id": number}
            added += len(put_photometry(copying.caller, validated(PhotometryPost, wanted))["ids"])
    left_out = len(rows) - sum(map(len, groups.values()))
    why = f"{left_out} points were left out: without error, in filters unknown here, or too many." if left_out else None
    return Copied(added, why)


def _instrument_of(row: dict[str, Any]) -> str:
    return str(row.get("instrument_name") or row.get("instrument_id"))


def _space(row: dict[str, Any]) -> tuple[str, ...] | None:
    """Return the columns that a point has its brightness in; None if it has none that can be kept."""
    if row.get("fluxerr") is not None and row.get("zp") is not None:
        return _FLUXES
    is_detection = row.get("mag") is not None and row.get("magerr") is not None
    return _MAGNITUDES if is_detection or (row.get("mag") is None and row.get("limiting_mag") is not None) else None


def spectra(copying: Copying) -> Copied:
    """Copy the spectra that are not here: another instrument, or another time."""
    here = {(one.observed_at, one.instrument_name) for one in _here(copying, "spectra").spectra}

    def add(row: dict[str, Any]) -> bool:
        instrument = copying.instruments.of_row(row)
        if instrument is None:
            raise NotRead("A spectrum names no instrument.")
        wanted = {name: row[name] for name in _SPECTRUM if row.get(name) is not None}
        post = validated(SpectrumPost, {**wanted, "obj_id": copying.obj_id, "instrument_id": instrument.id})
        if (post.observed_at, instrument.name) in here:
            return False
        add_spectrum(copying.caller, post)
        return True

    return _each(copying.portal.rows("sources", copying.obj_id, "spectra", within="spectra"), add)


def annotations(copying: Copying) -> Copied:
    """Copy the annotations of origins that are not here."""
    here = {one.origin for one in _here(copying, "annotations").annotations}

    def add(row: dict[str, Any]) -> bool:
        if row.get("origin") in here:
            return False
        wanted = {"origin": row.get("origin"), "data": row.get("data")}
        add_annotation(copying.caller, copying.obj_id, validated(AnnotationPost, wanted))
        return True

    return _each(copying.portal.rows("sources", copying.obj_id, "annotations"), add)


def comments(copying: Copying) -> Copied:
    """Copy the comments whose words are not here; who wrote them there stands before them."""
    here = {one.text for one in _here(copying, "comments").comments}

    def add(row: dict[str, Any]) -> bool:
        author = row.get("author")
        who = author.get("username") if isinstance(author, dict) else None
        text = f"{who}: {row.get('text')}" if who else row.get("text")
        if text in here:
            return False
        wanted = {"text": text, "origin": row.get("origin")}
        add_comment(copying.caller, copying.obj_id, validated(CommentPost, wanted))
        return True

    return _each(copying.portal.rows("sources", copying.obj_id, "comments"), add)


def classifications(copying: Copying) -> Copied:
    """Copy the classifications that are not here, with their taxonomies."""
    here = {(one.classification, one.taxonomy_id) for one in _here(copying, "classifications").classifications}
    taxonomies = {item.name: item.id for item in Taxonomy.all()}

    def add(row: dict[str, Any]) -> bool:
        name = str(row.get("taxname") or "")
        if name not in taxonomies:
            taxonomies[name] = _taxonomy(copying, row.get("taxonomy_id"), taxonomies)
        taxonomy_id = taxonomies[name]
        if (row.get("classification"), taxonomy_id) in here:
            return False
        kept = {name: row.get(name) for name in ("classification", "probability", "origin")}
        wanted = {**kept, "ml": row.get("ml") is True, "obj_id": copying.obj_id, "taxonomy_id": taxonomy_id}
        add_classification(copying.caller, validated(ClassificationPost, wanted))
        return True

    return _each(copying.portal.rows("sources", copying.obj_id, "classifications"), add)


KINDS: Mapping[str, Callable[[Copying], Copied]] = {
    "photometry": photometry,
    "spectra": spectra,
    "annotations": annotations,
    "comments": comments,
    "classifications": classifications,
}


def _here(copying: Copying, kind: str) -> Any:  # noqa: ANN401 - SourceData
    return data_of(copying.caller, copying.obj_id, [kind])


def _taxonomy(copying: Copying, number: object, known: Mapping[str, int]) -> int:
    """Return the taxonomy here that is called as the portal's, or make one that is visible to the relay's groups."""
    there = copying.portal.read("taxonomy", number)
    if not isinstance(there, dict):
        raise NotRead("A taxonomy cannot be read.")
    if there.get("name") in known:
        return known[str(there["name"])]
    wanted = {name: there.get(name) for name in ("name", "version", "hierarchy", "provenance")}
    return add_taxonomy(
        copying.caller, validated(TaxonomyPost, {**wanted, "group_ids": sorted(copying.caller.group_ids)})
    )


def _each(rows: list[dict[str, Any]], add: Callable[[dict[str, Any]], bool]) -> Copied:
    """Add what is new of the rows; one that cannot be added does not keep the others."""
    added, problems = 0, list(_too_many(rows))
    for row in rows[:_MOST_RECORDS]:
        try:
            added += add(row)
        except ApiError as error:
            problems.append(error.message)
        except NotRead as error:
            problems.append(str(error))
    return Copied(added, " ".join(dict.fromkeys(problems))[:500] or None)


def _too_many(rows: list[dict[str, Any]]) -> Iterator[str]:
    if len(rows) > _MOST_RECORDS:
        yield f"Only the first {_MOST_RECORDS} of {len(rows)} are copied."
