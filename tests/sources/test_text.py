"""Text that no reader of text could read is refused wherever it can be put in, and nothing of it is stored."""

import pytest

from tests.support.sky import make_source

NUL = "a\x00b"


def point(sky, **changes):
    return sky.points(mjd=59000.5, filter="ztfg", flux=100.0, fluxerr=5.0, **changes)


def spectrum(sky, **changes):
    base = {"obj_id": sky.obj_id, "instrument_id": sky.instrument_id, "observed_at": "2026-03-01", "fluxes": [1.0]}
    return {**base, "wavelengths": [4000.0], **changes}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("{source}/comments", lambda _: {"text": NUL}, "text"),
        ("{source}/comments", lambda _: {"text": "fine", "origin": NUL}, "origin"),
        ("{source}/annotations", lambda _: {"origin": NUL, "data": {"a": 1}}, "origin"),
        ("{source}/annotations", lambda _: {"origin": "x", "data": {"a": [{"b": NUL}]}}, "data"),
        ("{source}/annotations", lambda _: {"origin": "x", "data": {NUL: 1}}, "data"),
        ("/api/photometry", lambda sky: point(sky, origin=NUL), "origin"),
        ("/api/photometry", lambda sky: point(sky, altdata={"note": NUL}), "altdata"),
        ("/api/spectrum", lambda sky: spectrum(sky, origin=NUL), "origin"),
        ("/api/spectrum", lambda sky: spectrum(sky, units=NUL), "units"),
        ("/api/spectrum", lambda sky: spectrum(sky, altdata={"note": NUL}), "altdata"),
        (
            "/api/sources",
            lambda sky: {"id": sky.obj_id, "ra": 1.0, "dec": 2.0, "redshift_origin": NUL},
            "redshift_origin",
        ),
        ("/api/taxonomy", lambda _: {"name": NUL, "version": "1", "hierarchy": {"class": "x"}}, "name"),
        ("/api/taxonomy", lambda _: {"name": "t", "version": "1", "hierarchy": {"class": NUL}}, "hierarchy"),
        ("/api/telescope", lambda _: {"name": NUL}, "name"),
        ("/api/instrument", lambda _: {"name": "x", "filters": ["ztfg", NUL]}, "filters"),
        ("/api/groups", lambda _: {"name": NUL}, "name"),
        ("/api/analysis_service", lambda _: {"name": "x", "description": NUL}, "description"),
        ("/api/obj/{id}/analysis/1", lambda _: {"analysis_parameters": {"a": NUL}}, "analysis_parameters"),
    ],
)
def test_nul_is_refused_by_name(sky, path, body, field):
    code, message = sky.admin.post(path.format(source=sky.source, id=sky.obj_id), body(sky)).error

    assert (code, message) == (400, f"Error parsing JSON: a NUL character in '{field}' is no text")
    assert sky.photometry() == []
    assert sky.user.get(f"{sky.source}/comments").data == []


def test_a_source_is_not_changed_by_nul(sky):
    obj_id = make_source(sky.user, altdata={"ebv": 0.1})

    assert sky.user.patch(f"/api/sources/{obj_id}", {"altdata": {"note": NUL}}).error[0] == 400

    assert sky.user.get(f"/api/sources/{obj_id}").data["altdata"] == {"ebv": 0.1}
