"""A source with sixty thousand points is read by every client."""

import gzip
import json

import pytest
import requests

from chalicelib.settings import MAX_BODY_BYTES
from tests.support.large_source import put_points
from tests.support.sky import make_sky, make_source
from tests.support.skyportal_client import client_for

COUNT = 60_000


@pytest.mark.timeout(900)
def test_sixty_thousand_points_are_read_by_every_client(admin):
    sky = make_sky(admin)
    sky = sky.with_source(make_source(sky.user, group_ids=[sky.group_id]))
    ids = put_points(sky, COUNT)
    path, gzipped = f"{sky.source}/photometry", {"Accept-Encoding": "gzip"}

    in_magnitudes = sky.user.get(path, headers=gzipped)
    assert (in_magnitudes.status, len(in_magnitudes.body) <= MAX_BODY_BYTES) == (200, True)
    assert [point["id"] for point in json.loads(gzip.decompress(in_magnitudes.body))["data"]] == ids

    in_both = sky.user.get(path, headers=gzipped, format="both")
    assert in_both.status == 307  # compressed it is more than Lambda carries
    points = requests.get(in_both.headers["Location"], timeout=60).json()["data"]
    assert [point["id"] for point in points] == ids
    assert all(point["flux"] > 0 for point in points)

    with client_for(sky.user) as client:
        assert [point.id for point in client.fetch_photometry(sky.obj_id)] == ids
