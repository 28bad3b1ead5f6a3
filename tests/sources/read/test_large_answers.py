"""What belongs to a source can be read however much it is: compressed, or where a redirect leads."""

import gzip
import json
import os
import random
from dataclasses import replace

import pytest
import requests

from chalicelib.settings import MAX_BODY_BYTES
from tests.support.api import Api
from tests.support.large_source import put_points
from tests.support.sky import make_sky, make_source
from tests.support.skyportal_client import client_for

COMPRESSED = {"Accept-Encoding": "gzip, deflate"}


def read(api, path, headers=None, **query):
    """Read a path as a client does that follows redirects, without the token at another host."""
    answer = api.get(path, headers=headers or {}, **query)
    assert len(answer.body) <= MAX_BODY_BYTES
    if answer.status == 307:
        led = requests.get(answer.headers["Location"], headers=headers, timeout=60)
        assert led.status_code == 200
        return answer.status, led.json()
    body = gzip.decompress(answer.body) if answer.headers.get("Content-Encoding") == "gzip" else answer.body
    return answer.status, json.loads(body)


def test_twelve_thousand_points_are_read_by_every_client(sky):
    ids = put_points(sky, 12_000)
    path = f"{sky.source}/photometry"

    by_requests, content = read(sky.user, path, COMPRESSED)
    by_curl, same = read(sky.user, path)

    assert (by_requests, by_curl) == (200, 307)
    assert [point["id"] for point in content["data"]] == ids
    assert (content["status"], same) == ("success", content)
    with client_for(sky.user) as client:
        assert [point.id for point in client.fetch_photometry(sky.obj_id)] == ids


@pytest.fixture
def noisy(stack):
    """A source with more photometry than fits, compressed or not: text that no compression makes small."""
    return replace(stack.recall("noisy", lambda: _noisy(stack)), _people={})


def _sky_with_source(stack):
    world = stack.recall("sky", lambda: make_sky(Api(os.environ["SIDEROSTAT_ADMIN_TOKEN"])))
    return world.with_source(make_source(world.user, group_ids=[world.group_id]))


def _noisy(stack):
    sky = _sky_with_source(stack)
    made = random.Random(20260304)
    for part in range(3):
        rows = [{"noise": made.randbytes(9_500).hex()} for _ in range(150)]
        mjd = [59000.0 + part * 1000 + row for row in range(len(rows))]
        sky.upload(mjd=mjd, filter="ztfg", flux=100.0, fluxerr=5.0, altdata=rows)
    return sky


@pytest.mark.parametrize("headers", [COMPRESSED, {}])
@pytest.mark.parametrize("query", [{}, {"format": "both", "includeOwnerInfo": "true"}])
def test_photometry_that_does_not_fit_compressed_is_read_where_it_is_stored(noisy, headers, query):
    status, content = read(noisy.user, f"{noisy.source}/photometry", headers, **query)

    assert status == 307
    points = content["data"]
    assert len(points) == 450
    assert ("flux" in points[0]) == bool(query)


def test_what_the_caller_may_not_see_is_not_stored_for_it(noisy):
    assert noisy.outsider().get(f"{noisy.source}/photometry").error == (404, "Source not found")
    noisy.upload(noisy.member(), mjd=70000.5, filter="ztfr", flux=1.0, fluxerr=1.0)
    _, content = read(noisy.member("View only"), f"{noisy.source}/photometry")
    assert len(content["data"]) == 451


def test_a_source_with_its_photometry_is_read_likewise(noisy):
    status, content = read(noisy.user, noisy.source, COMPRESSED, includePhotometry="true")

    assert status == 307
    assert (content["data"]["id"], len(content["data"]["photometry"])) == (noisy.obj_id, 450)


NUMBERS = [4000 + number / 7 for number in range(100_000)]


@pytest.fixture
def resolved(stack):
    """A source with two spectra of a hundred thousand points."""
    return replace(stack.recall("resolved", lambda: _resolved(stack)), _people={})


def _resolved(stack):
    sky = _sky_with_source(stack)
    spectrum = {"obj_id": sky.obj_id, "instrument_id": sky.instrument_id, "observed_at": "2026-03-01"}
    for _ in range(2):
        assert sky.user.post("/api/spectrum", {**spectrum, "wavelengths": NUMBERS, "fluxes": NUMBERS}).status == 200
    return sky


@pytest.mark.parametrize(("headers", "expected"), [(COMPRESSED, 200), ({}, 307)])
def test_spectra_are_read_likewise(resolved, headers, expected):
    status, content = read(resolved.user, f"{resolved.source}/spectra", headers)

    assert status == expected
    assert [one["wavelengths"] for one in content["data"]["spectra"]] == [NUMBERS, NUMBERS]


@pytest.mark.parametrize(
    ("kind", "body"), [("comments", {"text": "x" * 50_000}), ("annotations", {"data": {"text": "x" * 50_000}})]
)
def test_remarks_are_read_likewise(sky, kind, body):
    for number in range(95):
        assert sky.user.post(f"{sky.source}/{kind}", {"origin": f"origin {number}", **body}).status == 200

    status, content = read(sky.user, f"{sky.source}/{kind}")

    assert (status, len(content["data"])) == (307, 95)
    assert read(sky.user, f"{sky.source}/{kind}", COMPRESSED) == (200, content)
