"""Every list of the API with 500 rows, of 500 sources where sources are what it is about."""

import os
from datetime import datetime, timedelta

import pytest

from chalicelib.accounts.items.token import Token, TokenName
from chalicelib.accounts.items.user import User
from chalicelib.accounts.token_hash import TokenHash
from chalicelib.analyses.items.batch import Batch
from chalicelib.analyses.items.chunk import Chunk
from chalicelib.analyses.start.batch import OBJECTS_A_CHUNK
from chalicelib.registry import sort_key
from chalicelib.services.items.default_analysis import DefaultAnalysis
from chalicelib.services.items.reach import EVERYTHING, Reach
from chalicelib.services.items.service import Service
from chalicelib.sources.items.annotation import ANNOTATION, Annotation
from chalicelib.sources.items.classification import CLASSIFICATION, Classification
from chalicelib.sources.items.comment import COMMENT, Comment
from chalicelib.sources.items.instrument import Instrument
from chalicelib.sources.items.saved import Saved
from chalicelib.sources.items.source import Source
from chalicelib.sources.items.spectrum import SPECTRUM, Spectrum
from chalicelib.sources.items.taxonomy import Taxonomy
from chalicelib.sources.items.telescope import Telescope
from chalicelib.sources.source.partition import records_of
from tests.support.api import Api
from tests.support.aws_calls import recorded_aws_calls
from tests.support.crowd import add_copies, add_groups, add_runs, store
from tests.support.scene import make_scene
from tests.support.service import StubService

ROWS = 500
FIRST = 10**7
"""Numbers of what is made here begin with this one."""


@pytest.fixture(autouse=True)
def _empty():
    """Leave the tables as they are: the crowd is made once."""


@pytest.fixture(scope="module")
def crowd(stack):
    """A scene, and 500 of everything beside it."""
    stack.empty()
    with StubService() as service:
        scene = make_scene(Api(os.environ["SIDEROSTAT_ADMIN_TOKEN"]), service)
        scene.sources = [f"crowd-{number:04d}" for number in range(ROWS)]
        _sources(scene)
        _runs(scene)
        _services(scene)
        _records(scene)
        _registry(scene)
        yield scene


def _sources(scene):
    source = Source.find(scene.obj_id)
    saved_at = datetime(2026, 11, 1)
    add_copies(
        source,
        ROWS,
        lambda number: {
            "obj_id": scene.sources[number],
            "saves": {str(scene.group_id): [(saved_at + timedelta(seconds=number)).isoformat(), scene.user.user_id]},
        },
    )
    store(
        Saved.of(obj_id, scene.group_id, saved_at + timedelta(seconds=number))
        for number, obj_id in enumerate(scene.sources)
    )


def _runs(scene):
    public = scene.user.get("/api/groups/public").data["id"]
    scene.runs = [
        add_runs(1, obj_id, scene.service_id, {scene.group_id, *([public] if number % 2 else [])})[0]
        for number, obj_id in enumerate(scene.sources)
    ]
    scene.runs_of_one = add_runs(ROWS, scene.obj_id, scene.service_id, {scene.group_id})


def _services(scene):
    service = Service.of_id(scene.service_id)
    numbers = range(FIRST, FIRST + ROWS)
    add_copies(service, ROWS, lambda number: {"service_id": numbers[number], "name": f"service {number}"})
    store(Reach.between(number, group) for number in numbers for group in (scene.group_id, EVERYTHING))
    wanted = {"group_ids": [scene.group_id]}
    default_id = scene.user.post(f"/api/analysis_service/{scene.service_id}/default_analysis", wanted).data["id"]
    default = DefaultAnalysis.of_id(scene.service_id, default_id)
    add_copies(default, ROWS - 1, lambda number: {"sk": DefaultAnalysis.sk_of(FIRST + number)})


def _records(scene):
    """Comments, annotations, classifications and spectra of one source, and photometry."""
    path, groups = f"/api/sources/{scene.obj_id}", {"group_ids": [scene.group_id]}
    tree = {"name": "T", "version": "1", "hierarchy": {"class": "SN"}}
    taxonomy_id = scene.admin.post("/api/taxonomy", tree).data["taxonomy_id"]
    kind = {"obj_id": scene.obj_id, "classification": "SN", "taxonomy_id": taxonomy_id}
    spectrum = {"obj_id": scene.obj_id, "instrument_id": scene.instrument_id, "observed_at": "2026-11-01"}
    for answer in (
        scene.user.post(f"{path}/comments", {"text": "x", **groups}),
        scene.user.post(f"{path}/annotations", {"origin": "o", "data": {"a": 1}, **groups}),
        scene.user.post("/api/classification", {**kind, **groups}),
        scene.user.post("/api/spectrum", {**spectrum, "wavelengths": [1.0, 2.0], "fluxes": [1.0, 2.0], **groups}),
    ):
        assert answer.status == 200
    for prefix, model in (
        (COMMENT, Comment),
        (CLASSIFICATION, Classification),
        (SPECTRUM, Spectrum),
        (ANNOTATION, Annotation),
    ):
        [record] = [one for one in records_of(scene.obj_id, prefix) if isinstance(one, model)]
        named = ["origin"] if model is Annotation else []
        add_copies(
            record,
            ROWS - 1,
            lambda number, prefix=prefix, named=named: {
                "sk": prefix + sort_key(FIRST + number),
                "record_id": FIRST + number,
                **{name: sort_key(FIRST + number) for name in named},
            },
        )
    points = {
        "obj_id": scene.obj_id,
        "instrument_id": scene.instrument_id,
        "mjd": [60000.0 + number for number in range(ROWS - 3)],
        "filter": "ztfg",
        "flux": 10.0,
        "fluxerr": 1.0,
        "zp": 23.9,
        "magsys": "ab",
        **groups,
    }
    assert scene.user.post("/api/photometry", points).status == 200


def _registry(scene):
    """Users, groups, tokens, telescopes, instruments and taxonomies."""
    add_groups(ROWS, FIRST)
    user = User.of_id(scene.user.user_id)
    add_copies(user, ROWS, lambda number: {"sk": sort_key(FIRST + number), "username": f"user {number}"})
    for model in (Telescope, Instrument, Taxonomy):
        one = next(iter(model.all()))
        add_copies(one, ROWS - 1, lambda number: {"sk": sort_key(FIRST + number), "name": f"name {number}"})
    [name, *_] = TokenName.of_user(scene.user.user_id)
    [token] = Token.of_id(name.token_pk.removeprefix("token#"))
    for number in range(ROWS - 1):
        made = Token.hashed(TokenHash.of(f"token {number}"))
        made.user_id, made.name, made.acls = token.user_id, f"token {number}", []
        store([made, TokenName.of(made)])


LISTS = {
    "runs over all": lambda scene: ("/api/obj/analysis", {}, ROWS),
    "runs of a service": lambda scene: ("/api/obj/analysis", {"analysisServiceID": scene.service_id}, ROWS),
    "runs of an object": lambda scene: ("/api/obj/analysis", {"objID": scene.obj_id}, ROWS),
    "runs of an object by path": lambda scene: (f"/api/obj/{scene.obj_id}/analysis", {}, ROWS),
    "services": lambda scene: ("/api/analysis_service", {}, ROWS + 1),
    "defaults": lambda scene: (f"/api/analysis_service/{scene.service_id}/default_analysis", {}, ROWS),
    "comments": lambda scene: (f"/api/sources/{scene.obj_id}/comments", {}, ROWS),
    "annotations": lambda scene: (f"/api/sources/{scene.obj_id}/annotations", {}, ROWS),
    "classifications": lambda scene: (f"/api/sources/{scene.obj_id}/classifications", {}, ROWS),
    "photometry": lambda scene: (f"/api/sources/{scene.obj_id}/photometry", {}, ROWS),
    "tokens": lambda scene: ("/api/internal/tokens", {}, ROWS),
    "telescopes": lambda scene: ("/api/telescope", {}, ROWS),
    "instruments": lambda scene: ("/api/instrument", {}, ROWS),
    "taxonomies": lambda scene: ("/api/taxonomy", {}, ROWS),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_500_rows_is_answered(crowd, name):
    path, query, rows = LISTS[name](crowd)
    assert len(crowd.user.get(path, **query).data) == rows


@pytest.mark.parametrize(
    ("path", "query", "member"),
    [
        ("/api/sources", {"numPerPage": ROWS}, "sources"),
        ("/api/sources", {"numPerPage": ROWS, "hasRedshift": "true"}, "sources"),
        ("/api/user", {"numPerPage": ROWS}, "users"),
    ],
)
def test_a_page_of_500_is_answered(crowd, path, query, member):
    page = crowd.user.get(path, **query).data
    assert len(page[member]) == ROWS
    assert page["totalMatches"] > ROWS


def test_what_is_listed_within_a_record_is_answered(crowd):
    assert len(crowd.user.get(f"/api/sources/{crowd.obj_id}/spectra").data["spectra"]) == ROWS
    record = crowd.user.get(f"/api/sources/{crowd.obj_id}", includeAnalyses="true", includeComments="true").data
    assert (len(record["analyses"]), len(record["comments"])) == (ROWS, ROWS)
    assert len(crowd.admin.get("/api/groups").data["all_groups"]) > ROWS


def test_the_runs_of_500_sources_take_a_call_for_a_hundred_sources(crowd):
    first = crowd.user.get("/api/obj/analysis")
    assert {row["id"] for row in first.data} == set(crowd.runs_of_one)
    after = first.headers["Link"].partition("cursor=")[2].partition(">")[0]
    with recorded_aws_calls() as calls:
        rows = crowd.user.get("/api/obj/analysis", cursor=after).data
    assert {row["obj_id"] for row in rows} == set(crowd.sources)
    assert calls.count("TransactGetItems") == 6
    assert calls.count("BatchGetItem") == 5
    assert len(crowd.admin.get("/api/obj/analysis", cursor=after).data) == ROWS


def test_sources_too_large_to_be_read_together_are_read_in_parts(crowd):
    for obj_id in crowd.sources[-100:]:
        source = Source.find(obj_id)
        source.altdata = {"text": "x" * 60_000}
        source.save()
    with recorded_aws_calls() as calls:
        rows = crowd.user.get("/api/obj/analysis", cursor=crowd.runs_of_one[0]).data
    assert {row["obj_id"] for row in rows} == set(crowd.sources)
    assert 6 < calls.count("TransactGetItems") < 12


def test_a_batch_over_500_sources_is_followed(crowd):
    chunks = range(0, ROWS, OBJECTS_A_CHUNK)
    batch = Batch(
        FIRST,
        called_service_id=crowd.service_id,
        author_id=crowd.user.user_id,
        total=ROWS,
        created=ROWS,
        chunks=len(chunks),
        expanded=set(range(len(chunks))),
        expires=2**33,
    )
    parts = [crowd.runs[start : start + OBJECTS_A_CHUNK] for start in chunks]
    store(
        [batch, *(Chunk(FIRST, Chunk.key(n), run_ids=ids, refusals=[], expires=2**33) for n, ids in enumerate(parts))]
    )
    progress = crowd.user.get(f"/api/analysis_batch/{FIRST}").data
    assert (progress["created"], progress["by_state"]) == (ROWS, {"completed": ROWS})
