"""Points read past PynamoDB say what its models say, to the bit."""

import json
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.sources.items.item import Item
from chalicelib.sources.items.photometry import Photometry
from chalicelib.sources.items.photometry_point import PhotometryPoint
from chalicelib.sources.items.reading import items_between

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.just(-0.0) | st.integers(-(10**6), 10**6).map(float)
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
IDS = st.integers(1, 2**53)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
REQUIRED = {
    "record_id": IDS, "owner_id": IDS, "instrument_id": IDS, "group_ids": st.sets(IDS, max_size=4), "mjd": NUMBERS,
    "fluxerr": NUMBERS, "filter": TEXTS, "instrument_name": TEXTS, "upload_id": TEXTS,
    "created_at": st.datetimes(), "modified": st.datetimes(),
}  # fmt: skip
OPTIONAL = {
    **dict.fromkeys(("flux", "limiting_mag", "ra", "dec", "ra_unc", "dec_unc"), st.none() | NUMBERS),
    "origin": st.none() | TEXTS, "altdata": st.none() | JSON, "extinction_corrected": st.none() | st.booleans(),
}  # fmt: skip
NAMES = set(PhotometryPoint._fields) - {"created", "group_ids"} | {"created_at"}


def as_dynamodb_sends(item):
    """DynamoDB has one way to write a number, which is not Python's: 50.0 comes back as 50."""

    def written(kind, content):
        if kind == "N":
            return f"{Decimal(content).normalize():f}"
        return [written("N", one) for one in content] if kind == "NS" else content

    return {name: {kind: written(kind, content)} for name, value in item.items() for kind, content in value.items()}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries(REQUIRED, optional=OPTIONAL))
def test_a_point_says_what_the_model_says(values):
    stored = as_dynamodb_sends(Photometry("source", "photometry#1", **values).serialize())

    point, model = PhotometryPoint.of(stored), Photometry.from_raw_data(json.loads(json.dumps(stored)))

    assert {name: repr(getattr(point, name)) for name in NAMES} == {name: repr(getattr(model, name)) for name in NAMES}
    assert point.group_ids == (model.group_ids or set())


def test_dynamodbs_own_null_is_no_value():
    point = Photometry(
        "source", "photometry#1", record_id=1, owner_id=1, instrument_id=1, group_ids={1}, mjd=1.0, fluxerr=1.0,
        filter="ztfg", instrument_name="ZTF", upload_id="0", created_at=datetime(2026, 1, 1),
        altdata={"a": 1}, flux=2.0,
    )  # fmt: skip
    null = {"NULL": True}

    found = PhotometryPoint.of(
        {**point.serialize(), "flux": null, "altdata": null, "origin": null, "extinction_corrected": null, "ra": null}
    )

    assert found.flux is found.altdata is found.origin is found.extinction_corrected is found.ra is None


def test_a_partition_is_read_as_pynamodb_reads_it(sky):
    sky.upload()
    sky.user.post(f"{sky.source}/comments", {"text": "bright"})

    found = list(items_between(sky.obj_id, "a", "z"))

    models = list(Item.query(sky.obj_id, Item.sk.between("a", "z"), consistent_read=True))
    assert [item.sk for item in found] == [model.sk for model in models]
    for item, model in zip(found, models, strict=True):
        assert isinstance(item, PhotometryPoint if isinstance(model, Photometry) else type(model))


@pytest.mark.parametrize("item", [{}, {"kind": {"S": "of a later version"}}])
def test_what_is_of_no_known_kind_is_left_out(sky, item):
    item |= {"obj_id": {"S": sky.obj_id}, "sk": {"S": "photometry#zzz"}}
    Item._get_connection().put_item(sky.obj_id, "photometry#zzz", attributes=item)

    assert [one.sk for one in items_between(sky.obj_id, "photometry#z", "photometry#zzzz")] == []
