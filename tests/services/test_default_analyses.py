"""Default analyses: their records, what starts them, and their daily limit."""

from datetime import datetime, timedelta

import pytest

from chalicelib import clock
from chalicelib.services.defaults.triggers import triggered_by_classification, triggered_by_group
from chalicelib.services.defaults.turns import take_turn
from chalicelib.services.items.default_analysis import DefaultAnalysis
from tests.services.registering import register
from tests.support.parallel import at_once
from tests.support.people import make_group, make_token, make_user

IA = {"classifications": [{"name": "Ia", "probability": 0.7}, {"name": "Ib", "probability": 0.5}]}
DECLARED = '{"source": ["salt2", "salt3"], "z": {"type": "number"}}'


class Site:
    """A service, a person who may run it, and another in the same group."""

    def __init__(self, admin):
        self.admin = admin
        self.group = make_group(admin)
        self.author = make_user(admin, groups=[self.group])
        self.colleague = make_user(admin, groups=[self.group])
        self.service_id = register(admin, group_ids=[self.group], optional_analysis_parameters=DECLARED)
        self.path = f"/api/analysis_service/{self.service_id}/default_analysis"

    def create(self, **body):
        return self.author.post(self.path, {"source_filter": IA, "group_ids": [self.group], **body}).data["id"]

    def stored(self, default_id) -> DefaultAnalysis:
        found = DefaultAnalysis.of_id(self.service_id, default_id)
        assert found is not None
        return found


@pytest.fixture
def site(stack, admin):
    return stack.recall("site with a service", lambda: Site(admin))


def test_a_default_comes_back_with_its_author_and_service(site):
    parameters = {"source": "salt2"}
    default_id = site.create(default_analysis_parameters=parameters, daily_limit=5, show_corner=False)
    record = site.colleague.get(f"{site.path}/{default_id}").data
    assert record["id"] == default_id
    assert record["default_analysis_parameters"] == parameters
    assert record["source_filter"] == IA
    assert record["stats"] == {"daily_limit": 5, "daily_count": 0, "last_run": None}
    assert (record["show_parameters"], record["show_plots"], record["show_corner"]) == (True, True, False)
    assert [group["id"] for group in record["groups"]] == [site.group]
    assert (record["author_id"], record["author"]["username"]) == (site.author.user_id, site.author.username)
    assert record["analysis_service"] == site.colleague.get(f"/api/analysis_service/{site.service_id}").data


def test_what_is_left_out_takes_its_default(site):
    default_id = site.author.post(site.path, {}).data["id"]
    record = site.author.get(f"{site.path}/{default_id}").data
    assert (record["default_analysis_parameters"], record["source_filter"]) == ({}, {})
    assert record["stats"]["daily_limit"] == 10
    assert site.group in {group["id"] for group in record["groups"]}


def test_empty_lists_are_not_given(site):
    default_id = site.create(source_filter={"classifications": []}, group_ids=[])
    record = site.author.get(f"{site.path}/{default_id}").data
    assert record["source_filter"] == {}
    assert site.group in {group["id"] for group in record["groups"]}
    saved = {"classifications": [], "group_id": site.group}
    one = f"{site.path}/{site.create(source_filter=saved)}"
    assert site.author.get(one).data["source_filter"] == {"group_id": site.group}
    assert site.author.patch(one, {"group_ids": []}).status == 200
    assert [group["id"] for group in site.author.get(one).data["groups"]] == [site.group]


def test_several_defaults_of_a_service_are_listed(site):
    ids = [site.create(), site.create(source_filter={"group_id": site.group})]
    assert [record["id"] for record in site.colleague.get(site.path).data] == ids


def test_json_text_is_accepted_for_objects(site):
    default_id = site.create(
        source_filter='{"classifications": [{"name": "Ia"}]}', default_analysis_parameters='{"z": 0.1}', daily_limit="7"
    )
    record = site.author.get(f"{site.path}/{default_id}").data
    assert record["source_filter"] == {"classifications": [{"name": "Ia", "probability": 0.0}]}
    assert record["default_analysis_parameters"] == {"z": 0.1}
    assert record["stats"]["daily_limit"] == 7


@pytest.mark.parametrize("limit", [0, -1, 1001, "many", 2.5, True, [], 10**30])
def test_a_daily_limit_is_between_1_and_1000(site, limit):
    expected = (400, f"Invalid daily_limit: {limit}. Must be between 1 and 1000")
    default_id = site.create()
    assert site.author.post(site.path, {"daily_limit": limit}).error == expected
    assert site.author.patch(f"{site.path}/{default_id}", {"daily_limit": limit}).error == expected


@pytest.mark.parametrize(
    "source_filter",
    [
        {"colour": "blue"},
        {"classifications": "Ia"},
        {"classifications": [{"probability": 0.5}]},
        {"classifications": [{"name": "Ia", "probability": 1.5}]},
        {"classifications": [{"name": "Ia", "probability": "high"}]},
        {"classifications": [{"name": "Ia", "more": 1}]},
        {"classifications": [{"name": f"class {number}"} for number in range(41)]},
        {"group_id": "five"},
        {"group_id": 1, "classifications": [{"name": "Ia"}]},
        [],
        5,
        "{",
    ],
)
def test_a_wrong_filter_is_refused(site, source_filter):
    default_id = site.create()
    for answer in (
        site.author.post(site.path, {"source_filter": source_filter}),
        site.author.patch(f"{site.path}/{default_id}", {"source_filter": source_filter}),
    ):
        status, message = answer.error
        assert status == 400
        assert message.startswith("Invalid source_filter: ")


DEEP = '{"z": ' + "[" * 500 + "]" * 500 + "}"


@pytest.mark.parametrize("parameters", [{"unknown": 1}, {"source": "salt9"}, [], 5, "{", "[]", DEEP])
def test_parameters_that_the_service_does_not_declare_are_refused(site, parameters):
    status, message = site.author.post(site.path, {"default_analysis_parameters": parameters}).error
    assert status == 400
    assert message.startswith("Invalid default_analysis_parameters: ")


def test_unknown_keys_are_named(site):
    assert "colour" in site.author.post(site.path, {"colour": "blue"}).error[1]
    assert "author_id" in site.author.patch(f"{site.path}/{site.create()}", {"author_id": 1}).error[1]


def test_groups_must_be_the_authors_own(site):
    foreign = make_group(site.admin)
    expected = (403, f"Cannot find one or more groups with IDs: [{foreign}].")
    assert site.author.post(site.path, {"group_ids": [foreign]}).error == expected
    assert site.author.post(site.path, {"source_filter": {"group_id": foreign}}).error == expected


def test_an_unknown_service_is_not_found(site):
    stranger = make_user(site.admin, groups=[make_group(site.admin)])
    default_id = site.create()
    unreached = (404, f"Analysis service {site.service_id} not found")
    assert stranger.get(site.path).error == unreached
    assert stranger.post(site.path, {}).error == unreached
    assert stranger.get(f"{site.path}/{default_id}").error == unreached
    assert stranger.delete(f"{site.path}/{default_id}").error == unreached
    unknown = site.author.get("/api/analysis_service/987654/default_analysis")
    assert unknown.error == (404, "Analysis service 987654 not found")


def test_a_default_of_other_groups_cannot_be_reached(site):
    other = make_group(site.admin)
    site.admin.patch(f"/api/analysis_service/{site.service_id}", {"group_ids": [site.group, other]})
    stranger = make_user(site.admin, groups=[other])
    default_id = site.create()
    assert stranger.get(site.path).data == []
    for number in (default_id, 987654):
        assert stranger.get(f"{site.path}/{number}").error == (403, "Cannot access this Default Analysis.")
        assert stranger.patch(f"{site.path}/{number}", {}).error == (403, "Cannot access this Default Analysis.")


def test_only_the_author_or_a_system_admin_may_direct_a_default(site):
    default_id = site.create()
    one = f"{site.path}/{default_id}"
    assert site.colleague.patch(one, {"daily_limit": 1000}).error[0] == 403
    assert site.colleague.delete(one).error[0] == 403
    assert site.admin.patch(one, {"daily_limit": 3}).data == {}
    assert site.author.get(one).data["stats"]["daily_limit"] == 3
    assert site.author.get(one).data["author_id"] == site.author.user_id
    assert site.admin.delete(one).data == {}
    assert site.author.get(one).error[0] == 403


def test_writing_needs_the_permission_to_run_analyses(site):
    reader = make_token(site.admin, site.author.user_id, [])
    default_id = site.create()
    assert reader.get(f"{site.path}/{default_id}").status == 200
    assert reader.post(site.path, {}).error[0] == 401
    assert reader.patch(f"{site.path}/{default_id}", {}).error[0] == 401
    assert reader.delete(f"{site.path}/{default_id}").error[0] == 401


def test_a_change_touches_what_it_names_only(site):
    default_id = site.create(default_analysis_parameters={"z": 0.1}, daily_limit=3)
    one = f"{site.path}/{default_id}"
    before = site.author.get(one).data
    assert site.author.patch(one, {"show_plots": False}).data == {}
    after = site.author.get(one).data
    assert after == {**before, "show_plots": False, "modified": after["modified"]}


def test_a_classification_of_enough_probability_starts_a_default(site):
    default_id = site.create()
    assert [default.id for default in triggered_by_classification("Ia", 0.7)] == [default_id]
    assert [default.id for default in triggered_by_classification("Ib", 0.6)] == [default_id]
    assert triggered_by_classification("Ia", 0.69) == []
    assert triggered_by_classification("II", 1.0) == []
    assert triggered_by_group(site.group) == []


@pytest.mark.parametrize("asked", [0.5, 1e-9, 1])
@pytest.mark.parametrize("given", [None, 0.0])
def test_a_classification_without_probability_is_not_probable_enough(site, asked, given):
    site.create(source_filter={"classifications": [{"name": "Ia", "probability": asked}]})
    assert triggered_by_classification("Ia", given) == []


@pytest.mark.parametrize("asked", [{}, {"probability": 0}, {"probability": None}])
@pytest.mark.parametrize("given", [None, 0.0, 0.3, 1.0])
def test_a_filter_that_asks_for_no_probability_starts_with_any_classification(site, asked, given):
    default_id = site.create(source_filter={"classifications": [{"name": "Ia", **asked}]})
    assert [default.id for default in triggered_by_classification("Ia", given)] == [default_id]
    assert triggered_by_classification("II", given) == []


def test_saving_to_a_group_starts_its_defaults(site):
    ids = [site.create(source_filter={"group_id": site.group}) for _ in range(2)]
    site.create()
    assert [default.id for default in triggered_by_group(site.group)] == ids
    assert triggered_by_group(987654) == []


def test_another_filter_replaces_what_starts_a_default(site):
    default_id = site.create()
    kept = {"name": "Ib", "probability": 0.1}
    site.author.patch(f"{site.path}/{default_id}", {"source_filter": {"classifications": [kept]}})
    assert triggered_by_classification("Ia", 1.0) == []
    assert [default.id for default in triggered_by_classification("Ib", 0.2)] == [default_id]
    site.author.patch(f"{site.path}/{default_id}", {"source_filter": {"group_id": site.group}})
    assert triggered_by_classification("Ib", 1.0) == []
    assert [default.id for default in triggered_by_group(site.group)] == [default_id]


def test_a_removed_default_is_not_started(site):
    default_id = site.create()
    assert site.author.delete(f"{site.path}/{default_id}").data == {}
    assert triggered_by_classification("Ia", 1.0) == []
    assert site.author.get(site.path).data == []


def test_a_removed_service_takes_its_defaults_along(site):
    default_id = site.create()
    site.admin.delete(f"/api/analysis_service/{site.service_id}")
    assert triggered_by_classification("Ia", 1.0) == []
    assert site.author.get(f"{site.path}/{default_id}").error[0] == 404
    assert DefaultAnalysis.of_id(site.service_id, default_id) is None


def test_the_daily_limit_holds_when_all_come_at_once(site):
    default_id = site.create(daily_limit=3)
    defaults = [site.stored(default_id) for _ in range(8)]
    moment = clock.now()
    turns = at_once(lambda default: take_turn(default, moment), defaults)
    assert sum(turns) == 3
    stats = site.author.get(f"{site.path}/{default_id}").data["stats"]
    assert stats == {"daily_limit": 3, "daily_count": 3, "last_run": clock.iso(moment)}


def test_every_utc_day_has_a_limit_of_its_own(site):
    default = site.stored(site.create(daily_limit=1))
    evening = datetime(2026, 8, 1, 23, 59)
    assert take_turn(default, evening)
    assert not take_turn(default, evening)
    assert take_turn(default, evening + timedelta(minutes=2))
    assert not take_turn(default, evening + timedelta(hours=23))
    assert not take_turn(default, evening), "a clock that is late must not open yesterday again"


def test_yesterdays_count_is_not_shown_today(site):
    default_id = site.create()
    take_turn(site.stored(default_id), clock.now() - timedelta(days=1))
    stats = site.author.get(f"{site.path}/{default_id}").data["stats"]
    assert stats["daily_count"] == 0
    assert stats["last_run"] is not None


def test_a_higher_limit_counts_at_once_and_runs_survive_a_change(site):
    default_id = site.create(daily_limit=1)
    before = site.stored(default_id)
    assert take_turn(site.stored(default_id), clock.now())
    site.author.patch(f"{site.path}/{default_id}", {"daily_limit": 2})
    assert take_turn(before, clock.now())
    assert not take_turn(before, clock.now())
    assert site.author.get(f"{site.path}/{default_id}").data["stats"]["daily_count"] == 2


def test_a_deleted_default_has_no_turns(site):
    default_id = site.create()
    default = site.stored(default_id)
    site.author.delete(f"{site.path}/{default_id}")
    assert not take_turn(default, clock.now())
    assert DefaultAnalysis.of_id(site.service_id, default_id) is None


def test_an_empty_list_of_groups_stands_for_all_of_the_authors(site):
    plain, empty = (
        site.author.get(f"{site.path}/{site.author.post(site.path, body).data['id']}").data["groups"]
        for body in ({}, {"group_ids": []})
    )
    assert len(plain) > 1
    assert empty == plain
    default_id = site.create()
    assert site.author.patch(f"{site.path}/{default_id}", {"group_ids": []}).status == 200
    kept = site.author.get(f"{site.path}/{default_id}").data["groups"]
    assert [group["id"] for group in kept] == [site.group]
