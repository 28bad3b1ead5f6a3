"""Analyses that start by themselves, from the event to the result."""

from datetime import timedelta

import pytest

from chalicelib import clock as application_clock
from chalicelib.analyses.start.default_runs import on_event
from tests.support.parallel import at_once
from tests.support.people import make_group, make_user
from tests.support.scene import SUCCESS
from tests.support.worker import drain, take, trigger

TAXONOMY = {"name": "Supernovae", "version": "1", "hierarchy": {"class": "SN", "subclasses": [{"class": "Ia"}]}}
IA = {"classifications": [{"name": "Ia", "probability": 0.7}]}


class Watch:
    """A scene with a taxonomy, and a default analysis that its user made."""

    def __init__(self, scene):
        self.scene = scene
        self.taxonomy_id = scene.admin.post("/api/taxonomy", {**TAXONOMY, "group_ids": [scene.group_id]}).data[
            "taxonomy_id"
        ]
        take("triggers")

    def make(self, api=None, **body):
        wanted = {"source_filter": IA, "group_ids": [self.scene.group_id], **body}
        path = f"/api/analysis_service/{self.scene.service_id}/default_analysis"
        return (api or self.scene.user).post(path, wanted).data["id"]

    def stats(self, default_id):
        path = f"/api/analysis_service/{self.scene.service_id}/default_analysis/{default_id}"
        return self.scene.user.get(path).data["stats"]

    def classify(self, api=None, obj_id=None, **fields):
        body = {"obj_id": obj_id or self.scene.obj_id, "classification": "Ia", "taxonomy_id": self.taxonomy_id}
        body |= {"probability": 0.9, "group_ids": [self.scene.group_id], **fields}
        return (api or self.scene.user).post("/api/classification", body).data["classification_id"]

    def save_source(self, obj_id, *groups):
        body = {"id": obj_id, "ra": 1.0, "dec": 2.0, "group_ids": list(groups) or [self.scene.group_id]}
        assert self.scene.admin.post("/api/sources", body).status == 200

    def runs(self, api=None, **query):
        """What the lists show, once the events are worked on."""
        trigger()
        return (api or self.scene.user).get("/api/obj/analysis", **query).data


@pytest.fixture
def watch(scene):
    return Watch(scene)


def test_a_classification_starts_a_default_that_makes_its_whole_way(watch):
    scene = watch.scene
    default_id = watch.make(default_analysis_parameters={"source": "salt3"}, show_corner=False)
    watch.classify()
    (run,) = watch.runs(objID=scene.obj_id)
    assert (run["status"], run["author_id"]) == ("queued", scene.user.user_id)
    assert (run["analysis_parameters"], run["show_plots"], run["show_corner"]) == ({"source": "salt3"}, True, False)
    assert [group["id"] for group in run["groups"]] == [scene.group_id]
    drain()
    (got,) = scene.service.received
    assert got.document["resource_id"] == scene.obj_id
    assert got.document["inputs"]["photometry"].count("\n") == 4
    scene.answer(got.token, SUCCESS)
    assert scene.status(run["id"]) == "completed"
    assert watch.stats(default_id)["daily_count"] == 1


def test_a_default_of_an_administrator_starts_for_a_group_of_others_and_sends_files_whole(watch):
    scene = watch.scene
    member = make_user(scene.admin, roles=["Group admin", "Full user"], groups=[scene.group_id])
    group_id = make_group(member)
    cube = "data:image/fits;name=cube.fits;base64,QUJD"
    watch.save_source(scene.obj_id, group_id)
    take("triggers")
    watch.make(scene.admin, group_ids=[group_id], default_analysis_parameters={"cube": cube})
    watch.classify(member, group_ids=[group_id])
    (run,) = watch.runs(member)
    assert member.get(f"/api/obj/analysis/{run['id']}").data["analysis_parameters"] == {"cube": "cube.fits"}
    drain()
    (got,) = scene.service.received
    assert got.document["inputs"]["analysis_parameters"] == {"cube": cube}


def test_saving_a_source_to_the_group_starts_a_default(watch):
    watch.make(source_filter={"group_id": watch.scene.group_id})
    other = make_group(watch.scene.admin)
    watch.save_source("elsewhere", other)
    assert watch.runs() == []
    watch.save_source("new")
    watch.save_source("elsewhere", watch.scene.group_id)
    assert {run["obj_id"] for run in watch.runs()} == {"new", "elsewhere"}
    watch.save_source("new")
    assert len(watch.runs()) == 2, "a source that the group has already is not saved again"


@pytest.mark.parametrize("fields", [{"probability": 0.69}, {"probability": None}, {"classification": "SN"}])
def test_other_classes_and_lower_probabilities_start_nothing(watch, fields):
    watch.make()
    watch.classify(**fields)
    assert watch.runs() == []


def test_a_classification_without_probability_starts_defaults_that_ask_for_none(watch):
    watch.make()
    watch.make(source_filter={"classifications": [{"name": "Ia"}]})
    watch.classify(probability=None)
    assert len(watch.runs()) == 1


def test_a_classification_shared_with_other_groups_starts_nothing(watch):
    scene = watch.scene
    watch.make()
    other = make_group(scene.admin, members=[scene.user])
    watch.save_source(scene.obj_id, other)
    watch.classify(group_ids=[other])
    assert watch.runs() == []
    watch.classify(group_ids=[other, scene.group_id])
    assert len(watch.runs()) == 1


def test_what_an_analysis_classified_starts_nothing(watch):
    scene = watch.scene
    watch.make()
    scene.start()
    drain()
    said = {"classification": "Ia", "taxonomy_id": watch.taxonomy_id, "probability": 1.0}
    scene.answer(scene.service.received[0].token, {"status": "success", "analysis": {"classifications": [said]}})
    drain()
    (stored,) = scene.user.get(f"/api/sources/{scene.obj_id}/classifications").data
    assert (stored["classification"], stored["ml"]) == ("Ia", True)
    assert len(watch.runs()) == 1


def test_an_event_that_arrives_again_starts_nothing_more(watch):
    watch.make()
    watch.classify()
    (event,) = take("triggers")
    on_event(event)
    on_event(event)
    at_once(on_event, [event] * 4)
    assert len(watch.runs()) == 1


def test_an_event_that_arrives_twice_at_once_starts_one_run(watch):
    watch.make(daily_limit=100)
    watch.classify()
    (event,) = take("triggers")
    at_once(on_event, [event] * 6)
    assert len(watch.runs()) == 1


def test_the_daily_limit_holds_however_many_events_come_at_once(watch):
    default_id = watch.make(daily_limit=3)
    for _ in range(8):
        watch.classify()
    at_once(on_event, take("triggers"))
    assert len(watch.runs()) == 3
    assert watch.stats(default_id)["daily_count"] == 3


def test_the_limit_is_one_of_the_utc_day(watch, clock):
    watch.make(daily_limit=1)
    midnight = (application_clock.now() + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    clock.ahead = midnight - application_clock.now() - timedelta(minutes=2)
    for _ in range(2):
        watch.classify()
    assert len(watch.runs()) == 1
    clock.advance(minutes=4)
    watch.classify()
    assert len(watch.runs()) == 2


def test_several_defaults_start_from_one_event_each_once(watch):
    watch.make()
    watch.make(default_analysis_parameters={"source": "salt2"})
    watch.classify()
    parameters = [run["analysis_parameters"] for run in watch.runs(objID=watch.scene.obj_id)]
    assert sorted(map(str, parameters)) == ["{'source': 'salt2'}", "{}"]


def test_the_service_gets_what_the_author_of_the_default_may_see(watch):
    scene = watch.scene
    watch.make()
    other = make_group(scene.admin)
    colleague = make_user(scene.admin, groups=[scene.group_id, other])
    point = {"obj_id": scene.obj_id, "instrument_id": scene.instrument_id, "filter": "ztfg", "magsys": "ab", "zp": 23.9}
    hidden = {**point, "mjd": 60000.25, "flux": 777.0, "fluxerr": 1.0, "group_ids": [other]}
    assert colleague.post("/api/photometry", hidden).status == 200
    watch.classify(colleague)
    (run,) = watch.runs(objID=scene.obj_id)
    assert run["author_id"] == scene.user.user_id
    drain()
    assert "60000.25" not in scene.service.received[0].document["inputs"]["photometry"]


def closed_account(watch, author):
    watch.scene.admin.patch(f"/api/user/{author.user_id}", {"expirationDate": "2020-01-01"})
    return "closed"


def lost_role(watch, author):
    watch.scene.admin.patch(f"/api/user/{author.user_id}", {"roles": ["View only"]})
    return "may not run analyses"


def left_group(watch, author):
    watch.scene.admin.delete(f"/api/groups/{watch.scene.group_id}/users/{author.user_id}")
    return f"Could not access Analysis Service ID: {watch.scene.service_id}."


def disabled_service(watch, author):
    watch.scene.admin.patch(f"/api/analysis_service/{watch.scene.service_id}", {"enabled": False})
    return f"Could not access Analysis Service ID: {watch.scene.service_id}."


@pytest.mark.parametrize("change", [closed_account, lost_role, left_group, disabled_service])
def test_what_the_author_may_not_do_any_more_is_skipped_visibly(watch, change):
    scene = watch.scene
    author = make_user(scene.admin, groups=[scene.group_id])
    watch.make(author)
    reason = change(watch, author)
    watch.classify()
    (run,) = watch.runs(objID=scene.obj_id)
    assert run["status"] == "cancelled"
    assert run["status_message"].startswith("This default analysis was skipped: ")
    assert reason in run["status_message"]
    assert run["author_id"] == author.user_id
    drain()
    assert scene.service.received == []


def test_a_skipped_event_that_arrives_again_is_skipped_once(watch):
    author = make_user(watch.scene.admin, groups=[watch.scene.group_id])
    watch.make(author)
    closed_account(watch, author)
    watch.classify()
    (event,) = take("triggers")
    on_event(event)
    at_once(on_event, [event] * 3)
    assert len(watch.runs()) == 1


def test_the_authors_cap_on_the_object_holds_for_defaults_and_is_told(watch, monkeypatch):
    from chalicelib.settings import Settings

    monkeypatch.setattr("chalicelib.analyses.start.limits.settings", lambda: Settings(max_open_analyses=1))
    watch.make()
    for _ in range(2):
        watch.classify()
    assert sorted(run["status"] for run in watch.runs()) == ["cancelled", "queued"]


def test_a_source_saved_to_another_group_brings_its_public_runs_into_that_groups_list(watch):
    scene = watch.scene
    analysis_id = scene.start()
    private = scene.start(group_ids=[scene.group_id])
    other = make_group(scene.admin)
    newcomer = make_user(scene.admin, groups=[other])
    assert watch.runs(newcomer) == []
    watch.save_source(scene.obj_id, other)
    assert [run["id"] for run in watch.runs(newcomer)] == [analysis_id]
    assert [run["id"] for run in newcomer.get("/api/obj/analysis", objID=scene.obj_id).data] == [analysis_id]
    assert [run["id"] for run in watch.runs()] == [private, analysis_id]
