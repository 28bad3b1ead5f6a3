"""Spectra from a file as it is; one that the source has already is not stored again."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from chalicelib.accounts.caller import Caller
from chalicelib.http.parsing import reasons
from chalicelib.sources.files.read_table import default_name, read_table, unpacked
from chalicelib.sources.files.spectra import Spectra, SpectrumOfFile, read_spectra
from chalicelib.sources.files.table import Problem, Unreadable
from chalicelib.sources.items.spectrum import Spectrum
from chalicelib.sources.own_data.answer import answer
from chalicelib.sources.own_data.instruments import instrument_id_of
from chalicelib.sources.own_data.query import SpectrumFileQuery
from chalicelib.sources.records.own_files import Original, keep_original
from chalicelib.sources.records.spectra import SpectrumPost, add_spectrum
from chalicelib.sources.source.access import readable_source
from chalicelib.sources.source.partition import data_of

INSTRUMENT = "imported"


def spectra_of_file(caller: Caller, content: bytes, query: SpectrumFileQuery) -> dict[str, Any]:
    """Read a file and, unless it is a dry run or something is wrong with it, store its spectra.

    Raises
    ------
    NotFound
        The source does not exist or the caller may not see it.
    """
    readable_source(caller, query.obj_id)
    try:
        content = unpacked(content) if query.packed else content
        table = read_table(content)
    except Unreadable as error:
        return answer({}, 0, [error.problem])
    found = read_spectra(table)
    if found is None:
        there = ", ".join(table.columns[:30])
        return answer(
            {}, 0, [Problem(table.header_line, "wavelength", f"No column is a wavelength. There are: {there}.")]
        )
    problems = [
        *found.problems,
        *_others(found),
        *(problem for one in found.spectra for problem in _faults(one, query.observed_at)),
    ]
    ids = None if query.dry_run or problems else _stored(caller, found.spectra, query)
    if ids and query.keep:
        keep_original(query.obj_id, Original("spectra", query.name or default_name("spectra", content), content), ids)
    return answer(found.columns, sum(len(one.wavelengths) for one in found.spectra), problems, ids=ids)


def _others(found: Spectra) -> Iterator[Problem]:
    """Yield the first spectrum that is of another object than the one before it."""
    for before, one in pairwise(found.spectra):
        if one.obj_id != before.obj_id:
            yield Problem(one.line, "obj_id", f"{one.obj_id} is another object than {before.obj_id}: one at a time.")
            return


def _post(obj_id: str, one: SpectrumOfFile, instrument_id: int, observed_at: str | None) -> SpectrumPost:
    return SpectrumPost.model_validate(
        {
            "obj_id": obj_id,
            "instrument_id": instrument_id,
            "observed_at": one.observed_at or observed_at,
            "type": one.type or "source",
            **{name: getattr(one, name) for name in ("wavelengths", "fluxes", "errors", "units", "origin")},
        }
    )


def _faults(one: SpectrumOfFile, observed_at: str | None) -> Iterator[Problem]:
    """Yield what the API does not take of a spectrum, before any is stored."""
    if not (one.observed_at or observed_at):
        advice = "give observed_at, or write DATE-OBS into the header"
        yield Problem(one.line, "observed_at", f"When the spectrum was taken is not known: {advice}.")
        return
    try:
        _post("object", one, 0, observed_at)
    except ValidationError as error:
        for name, texts in reasons(error).items():
            yield Problem(one.line, name, texts[0])


def _stored(caller: Caller, spectra: Sequence[SpectrumOfFile], query: SpectrumFileQuery) -> list[int]:
    known = list(data_of(caller, query.obj_id, {"spectra"}).spectra)
    names = dict.fromkeys(one.instrument or INSTRUMENT for one in spectra)
    instruments = {name: query.instrument_id or instrument_id_of(name, ()) for name in names}
    ids = []
    for one in spectra:
        post = _post(query.obj_id, one, instruments[one.instrument or INSTRUMENT], query.observed_at)
        same = next((spectrum.id for spectrum in known if _is_same(spectrum, post)), None)
        ids.append(same or add_spectrum(caller, post))
    return ids


def _is_same(spectrum: Spectrum, post: SpectrumPost) -> bool:
    if (spectrum.observed_at, spectrum.instrument_id) != (post.observed_at, post.instrument_id):
        return False
    content = spectrum.unpacked()
    return _equal(content["wavelengths"], post.wavelengths) and _equal(content["fluxes"], post.fluxes)


def _equal(stored: Sequence[float | None], posted: Sequence[float | None]) -> bool:
    return [None if _is_missing(value) else value for value in stored] == [
        None if _is_missing(value) else value for value in posted
    ]


def _is_missing(value: float | None) -> bool:
    return value is None or math.isnan(value)
