"""Reading a source with its data: what a caller may see, in as few calls as possible."""

import pytest

from chalicelib.accounts.caller import Caller
from chalicelib.http.errors import NotFound
from chalicelib.sources.source.partition import data_of
from tests.support.aws_calls import recorded_aws_calls

ALL = {"photometry", "spectra", "redshift", "annotations", "comments", "classifications"}


@pytest.fixture
def full(sky):
    """A source with something of every kind."""
    sky.upload()
    spectrum = {"wavelengths": [1.0, 2.0], "fluxes": [1.0, 2.0], "observed_at": "2026-01-01"}
    taxonomy = {"name": sky.obj_id, "version": "1", "hierarchy": {"class": "Ia"}}
    taxonomy_id = sky.admin.post("/api/taxonomy", taxonomy).data["taxonomy_id"]
    for path, post in (
        ("/api/spectrum", {"obj_id": sky.obj_id, "instrument_id": sky.instrument_id, **spectrum}),
        (f"{sky.source}/annotations", {"origin": "~ sorts late", "data": {"a": 1}}),
        (f"{sky.source}/annotations", {"origin": "é sorts later", "data": {"a": 1}}),
        (f"{sky.source}/comments", {"text": "bright"}),
        ("/api/classification", {"obj_id": sky.obj_id, "classification": "Ia", "taxonomy_id": taxonomy_id}),
    ):
        assert sky.user.post(path, post).status == 200
    return sky


def caller(groups, *permissions):
    return Caller(user_id=1, username="someone", permissions=frozenset(permissions), group_ids=frozenset(groups))


@pytest.mark.parametrize(
    ("kinds", "calls"),
    [
        (ALL, ["Query"]),
        ({"photometry", "redshift"}, ["Query"]),
        ({"photometry", "annotations"}, ["Query"]),
        ({"spectra"}, ["Query"]),
        ({"redshift"}, ["Query"]),
        (set(), ["Query"]),
        ({"comments", "annotations", "classifications"}, ["Query", "Query"]),
    ],
)
def test_only_what_is_wanted_is_read(full, kinds, calls):
    with recorded_aws_calls() as made:
        data = data_of(caller({full.group_id}), full.obj_id, kinds)

    assert made == calls
    assert data.source.obj_id == full.obj_id
    counts = {"photometry": 3, "spectra": 1, "annotations": 2, "comments": 1, "classifications": 1}
    for kind, count in counts.items():
        assert len(getattr(data, kind)) == (count if kind in kinds else 0)


def test_nothing_is_seen_without_a_group_of_the_source(full):
    for stranger in (caller({4711}), caller(())):
        with pytest.raises(NotFound, match="Source not found"):
            data_of(stranger, full.obj_id, ALL)
    assert len(data_of(caller((), "System admin"), full.obj_id, ALL).photometry) == 3


@pytest.mark.parametrize("obj_id", ["nowhere", "", "a b", "x" * 3000])
def test_a_source_that_cannot_exist_is_not_found(stack, obj_id):
    with pytest.raises(NotFound):
        data_of(caller({1}), obj_id, {"photometry"})
