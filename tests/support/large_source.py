"""Sources with more points than a test has time to post."""

import random
from collections.abc import Iterator

from chalicelib.ids import new_ids
from chalicelib.sources.items.photometry import Photometry
from chalicelib.sources.photometry.measurement import Measurement
from tests.support.crowd import store
from tests.support.sky import Sky


def put_points(sky: Sky, count: int) -> list[int]:
    """Write detections of two filters as a post would, but for the statistics, and return their ids by time."""
    made = random.Random(20260303)
    ids = new_ids(count)

    def points() -> Iterator[Photometry]:
        for number, record_id in enumerate(ids):
            flux = made.lognormvariate(3, 2)
            measured = Measurement(
                obj_id=sky.obj_id,
                mjd=59000 + number * 0.0123456789,
                filter="ztfg" if number % 2 else "ztfr",
                instrument_id=sky.instrument_id,
                flux=flux,
                fluxerr=flux * made.uniform(0.01, 0.5),
                limiting_mag=made.uniform(19, 22),
            )
            yield Photometry(
                *measured.key,
                record_id=record_id,
                mjd=measured.mjd,
                filter=measured.filter,
                flux=measured.flux,
                fluxerr=measured.fluxerr,
                limiting_mag=measured.limiting_mag,
                instrument_id=measured.instrument_id,
                instrument_name="Camera",
                group_ids={sky.group_id},
                owner_id=sky.user.user_id,
                upload_id="0" * 32,
            )

    store(points())
    return ids
