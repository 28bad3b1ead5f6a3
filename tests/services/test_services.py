"""Registering, reading, changing and removing analysis services."""

import json

import boto3
import pytest

from chalicelib import aws
from chalicelib.services.credentials import credentials_of
from chalicelib.services.items.service import Service
from chalicelib.services.schemes import HeaderToken
from chalicelib.settings import settings
from tests.services.registering import HEADER_TOKEN, manager_of, register, service_body
from tests.support.parallel import at_once
from tests.support.people import make_group, make_token, make_user

SERVICES = "/api/analysis_service"
CANNOT = (403, "Cannot access this Analysis Service.")


def path(service_id):
    return f"{SERVICES}/{service_id}"


def stored(service_id):
    service = Service.of_id(service_id)
    assert service is not None
    return service


def test_a_service_comes_back_as_it_was_registered_without_its_credentials(admin):
    group = make_group(admin, "Supernovae")
    manager = manager_of(admin, group)
    body = service_body(
        name="RR Lyrae",
        display_name="RR Lyrae fitter",
        description="Fits templates",
        version="1.0",
        contact_name="I. M. Astronomer",
        contact_email="im@example.org",
        optional_analysis_parameters='{"rrl_type":  ["ab", "c"]}',
        authentication_type="header_token",
        _authinfo=HEADER_TOKEN,
        enabled=False,
        timeout=60,
        upload_only=True,
        is_summary=True,
        display_on_resource_dropdown=False,
        group_ids=[group],
    )
    service_id = manager.post(SERVICES, body).data["id"]
    answer = manager.get(path(service_id))
    record = answer.data
    expected = {name: value for name, value in body.items() if name not in {"_authinfo", "group_ids"}}
    assert {name: record[name] for name in expected} == expected
    assert record["id"] == service_id
    assert [(found["id"], found["name"]) for found in record["groups"]] == [(group, "Supernovae")]
    assert set(record) == {*expected, "id", "created_at", "modified", "groups"}
    assert b"MY_TOKEN" not in answer.body


def test_what_is_left_out_takes_its_default(admin):
    manager = manager_of(admin, make_group(admin), make_group(admin))
    service_id = register(manager, name="  Plain ", input_data_types=..., description=None, enabled=None)
    record = manager.get(path(service_id)).data
    expected = {
        "name": "Plain",
        "display_name": "Plain",
        "description": None,
        "version": None,
        "optional_analysis_parameters": "{}",
        "enabled": True,
        "input_data_types": [],
        "timeout": 3600.0,
        "upload_only": False,
        "is_summary": False,
        "display_on_resource_dropdown": True,
    }
    assert {name: record[name] for name in expected} == expected
    assert {group["id"] for group in record["groups"]} == {
        group["id"] for group in manager.get("/api/groups").data["user_groups"]
    }


def test_the_list_shows_the_declared_parameters_as_an_object(admin):
    manager = manager_of(admin)
    text = '{"z": {"type": "number"},  "model": ["a"]}'
    as_text = register(manager, optional_analysis_parameters=text)
    as_object = register(manager, optional_analysis_parameters=json.loads(text))
    assert manager.get(path(as_text)).data["optional_analysis_parameters"] == text
    assert json.loads(manager.get(path(as_object)).data["optional_analysis_parameters"]) == json.loads(text)
    listed = manager.get(SERVICES).data
    assert [service["id"] for service in listed] == [as_text, as_object]
    assert [service["optional_analysis_parameters"] for service in listed] == [json.loads(text)] * 2


def test_an_empty_list_of_groups_stands_for_all_of_the_callers(admin):
    manager = manager_of(admin, make_group(admin), make_group(admin))
    plain, empty = (manager.get(path(register(manager, group_ids=ids))).data["groups"] for ids in (..., []))
    assert len(plain) > 2
    assert empty == plain


def test_only_members_of_its_groups_see_a_service(admin):
    ours, theirs = make_group(admin), make_group(admin)
    manager, stranger = manager_of(admin, ours), manager_of(admin, theirs)
    viewer = make_user(admin, roles=["View only"], groups=[ours])
    service_id = register(manager, group_ids=[ours])
    assert viewer.get(path(service_id)).data["id"] == service_id
    assert [service["id"] for service in viewer.get(SERVICES).data] == [service_id]
    assert stranger.get(SERVICES).data == []
    for answer in (
        stranger.get(path(service_id)),
        stranger.patch(path(service_id), {"name": "mine"}),
        stranger.delete(path(service_id)),
        stranger.get(path(987654)),
        stranger.patch(path(987654), {}),
        stranger.delete(path(987654)),
    ):
        assert answer.error == CANNOT
    assert admin.get(path(service_id)).data["id"] == service_id


def test_a_system_admin_sees_all_services_and_all_their_groups(admin):
    group = make_group(manager_of(admin))
    member = manager_of(admin, group)
    service_id = register(member, group_ids=[group])
    assert [service["id"] for service in admin.get(SERVICES).data] == [service_id]
    assert [found["id"] for found in admin.get(path(service_id)).data["groups"]] == [group]


def test_a_record_names_only_groups_that_the_reader_is_in(admin):
    ours, theirs = make_group(admin), make_group(admin)
    service_id = register(admin, group_ids=[ours, theirs])
    reader = make_user(admin, groups=[ours])
    assert [group["id"] for group in reader.get(path(service_id)).data["groups"]] == [ours]


def test_writing_needs_the_permission_to_manage_services(admin):
    group = make_group(admin)
    service_id = register(admin, group_ids=[group])
    person = make_user(admin, groups=[group])
    for answer in (
        person.post(SERVICES, service_body()),
        person.patch(path(service_id), {"name": "mine"}),
        person.delete(path(service_id)),
        person.put(f"{path(service_id)}/limits", {"max_in_flight": 1}),
        make_token(admin, manager_of(admin, group).user_id, ["Run Analyses"]).delete(path(service_id)),
    ):
        assert answer.error[0] == 401
    assert person.get(path(service_id)).status == 200


def test_reading_needs_a_token(anonymous):
    assert anonymous.get(SERVICES).error[0] == 401
    assert anonymous.get(path(1)).error[0] == 401


def test_a_service_is_shared_with_own_groups_only(admin):
    mine, foreign = make_group(admin), make_group(admin)
    manager = manager_of(admin, mine)
    answer = manager.post(SERVICES, service_body(group_ids=[mine, foreign]))
    assert answer.error == (403, f"Cannot find one or more groups with IDs: [{foreign}].")
    assert admin.post(SERVICES, service_body(group_ids=[987654])).error[0] == 403
    assert admin.get(SERVICES).data == []


def test_a_name_is_given_once(admin):
    service_id = register(admin, name="Twice")
    other = register(admin, name="Once")
    taken = (
        400,
        "Analysis Service with that name already exists: duplicate key value violates unique constraint on name",
    )
    assert admin.post(SERVICES, service_body(name="Twice")).error == taken
    assert admin.patch(path(other), {"name": "Twice"}).error == taken
    assert admin.patch(path(service_id), {"name": "Twice"}).status == 200
    assert [service["name"] for service in admin.get(SERVICES).data] == ["Twice", "Once"]


def test_one_of_many_who_want_a_name_at_once_gets_it(admin):
    answers = at_once(lambda _: admin.post(SERVICES, service_body(name="Wanted")).status, range(6))
    assert sorted(answers) == [200, 400, 400, 400, 400, 400]
    assert len(admin.get(SERVICES).data) == 1


def test_a_renamed_service_leaves_its_name_to_others(admin):
    service_id = register(admin, name="Before")
    assert admin.patch(path(service_id), {"name": "After"}).data == {}
    assert admin.get(path(service_id)).data["name"] == "After"
    assert admin.get(path(service_id)).data["display_name"] == "Before"
    assert register(admin, name="Before") != service_id
    assert admin.post(SERVICES, service_body(name="After")).error[0] == 400


def test_a_change_touches_what_it_names_only(admin):
    manager = manager_of(admin)
    service_id = register(manager, description="old", timeout=60, input_data_types=["spectra"])
    before = manager.get(path(service_id)).data
    changes = {"description": "new", "enabled": False, "optional_analysis_parameters": {"z": []}}
    manager.patch(path(service_id), changes)
    after = manager.get(path(service_id)).data
    assert after["modified"] > before["modified"]
    expected = {**before, **changes, "optional_analysis_parameters": '{"z":[]}', "modified": after["modified"]}
    assert after == expected


def test_null_in_a_change_brings_the_default_back(admin):
    service_id = register(admin, description="old", timeout=60, display_name="shown", name="Plain")
    admin.patch(path(service_id), {"description": None, "timeout": None, "display_name": None})
    record = admin.get(path(service_id)).data
    assert (record["description"], record["timeout"], record["display_name"]) == (None, 3600.0, "Plain")


def test_a_change_of_groups_replaces_them(admin):
    first, second = make_group(admin), make_group(admin)
    of_first, of_second = make_user(admin, groups=[first]), make_user(admin, groups=[second])
    service_id = register(admin, group_ids=[first])
    assert admin.patch(path(service_id), {"group_ids": [second]}).status == 200
    assert of_first.get(SERVICES).data == []
    assert of_first.get(path(service_id)).error == CANNOT
    assert [service["id"] for service in of_second.get(SERVICES).data] == [service_id]
    # an empty list is not given: the groups stay
    assert admin.patch(path(service_id), {"group_ids": []}).status == 200
    assert [service["id"] for service in of_second.get(SERVICES).data] == [service_id]
    assert of_first.get(SERVICES).data == []


def test_empty_lists_and_blank_names_are_not_given(admin):
    group = make_group(admin)
    user = make_user(admin, roles=["Group admin"], groups=[group])
    service_id = register(user, group_ids=[], input_data_types=["", "photometry", "  "])
    record = user.get(path(service_id)).data
    assert group in {one["id"] for one in record["groups"]}
    assert record["input_data_types"] == ["photometry"]


def test_changes_at_the_same_time_are_all_kept(admin):
    service_id = register(admin)
    changes = [{"description": "new"}, {"version": "2"}, {"timeout": 60}, {"enabled": False}]
    assert at_once(lambda change: admin.patch(path(service_id), change).status, changes) == [200] * 4
    record = admin.get(path(service_id)).data
    assert {name: record[name] for change in changes for name in change} == {
        name: value for change in changes for name, value in change.items()
    }


def test_credentials_are_stored_encrypted_for_this_service_alone(admin):
    service_id = register(admin, authentication_type="header_token", _authinfo=HEADER_TOKEN)
    service = stored(service_id)
    assert b"MY_TOKEN" not in service.secret
    assert credentials_of(service) == HeaderToken({"Authorization": "Bearer MY_TOKEN"})
    service.service_id = service_id + 1
    with pytest.raises(aws.kms().exceptions.InvalidCiphertextException):
        credentials_of(service)


@pytest.mark.parametrize("name", ["_authinfo", "authinfo"])
@pytest.mark.parametrize("convert", [str, json.loads])
def test_credentials_go_by_either_name_in_either_form(admin, name, convert):
    service_id = register(admin, authentication_type="header_token", **{name: convert(HEADER_TOKEN)})
    assert credentials_of(stored(service_id)) == HeaderToken({"Authorization": "Bearer MY_TOKEN"})
    changed = convert(HEADER_TOKEN.replace("MY_TOKEN", "NEW"))
    admin.patch(path(service_id), {name: changed})
    assert credentials_of(stored(service_id)) == HeaderToken({"Authorization": "Bearer NEW"})


def test_a_change_without_credentials_keeps_them(admin):
    service_id = register(admin, authentication_type="header_token", _authinfo=HEADER_TOKEN)
    admin.patch(path(service_id), {"description": "new"})
    admin.patch(path(service_id), {"_authinfo": None, "authentication_type": "header_token"})
    assert credentials_of(stored(service_id)) == HeaderToken({"Authorization": "Bearer MY_TOKEN"})


def test_another_type_of_authentication_needs_other_credentials(admin):
    service_id = register(admin, authentication_type="header_token", _authinfo=HEADER_TOKEN)
    required = '`_authinfo` is required to add an Analysis Service when authentication_type is not "none".'
    assert admin.patch(path(service_id), {"authentication_type": "api_key"}).error == (400, required)
    assert admin.patch(path(service_id), {"authentication_type": "none"}).status == 200
    assert credentials_of(stored(service_id)) is None
    assert admin.patch(path(service_id), {"authentication_type": "header_token"}).error == (400, required)


def test_a_deleted_service_is_gone_at_once_and_leaves_its_name_to_others(admin):
    manager = manager_of(admin)
    service_id = register(manager, name="Short-lived", authentication_type="header_token", _authinfo=HEADER_TOKEN)
    assert manager.delete(path(service_id)).data == {}
    for person in (manager, admin):
        assert person.get(path(service_id)).error == CANNOT
        assert person.patch(path(service_id), {"enabled": True}).error == CANNOT
        assert person.delete(path(service_id)).error == CANNOT
        assert person.get(SERVICES).data == []
    tombstone = stored(service_id)
    assert tombstone.is_deleted
    assert tombstone.secret is None
    assert register(manager, name="Short-lived") != service_id


def test_deleting_a_service_has_its_analyses_removed(admin, monkeypatch):
    monkeypatch.setattr("chalicelib.services.register._CLEANUP_DELAY_SECONDS", 0)
    service_id = register(admin)
    admin.delete(path(service_id))
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=settings().queue("cleanup"))["QueueUrl"]
    received = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=8)["Messages"]
    assert [json.loads(message["Body"]) for message in received] == [{"kind": "service", "service_id": service_id}]


def test_a_limit_of_analyses_in_flight_is_set_and_lifted(admin):
    service_id = register(admin, group_ids=[make_group(admin)])
    limits = f"{path(service_id)}/limits"
    assert admin.put(limits, {"max_in_flight": 3}).data == {}
    assert stored(service_id).max_in_flight == 3
    for wrong in ({"max_in_flight": 0}, {"max_in_flight": "many"}, {}):
        assert admin.put(limits, wrong).error[0] == 400
    assert stored(service_id).max_in_flight == 3
    admin.put(limits, {"max_in_flight": None})
    assert stored(service_id).max_in_flight is None
    assert manager_of(admin).put(limits, {"max_in_flight": 3}).error == CANNOT


def test_trust_is_given_and_withdrawn_by_system_admins_only(admin):
    manager = manager_of(admin)
    service_id = register(manager)
    trust = f"{path(service_id)}/trust"
    assert not stored(service_id).trusted
    assert manager.put(trust).error[0] == 401
    assert admin.put(trust).data == {}
    assert stored(service_id).trusted
    assert manager.delete(trust).error[0] == 401
    assert admin.delete(trust).data == {}
    assert not stored(service_id).trusted
    assert admin.put(f"{path(987654)}/trust").error == CANNOT


def test_a_trusted_service_that_its_manager_leads_elsewhere_is_not_trusted_any_more(admin):
    manager = manager_of(admin)
    service_id = register(manager)
    admin.put(f"{path(service_id)}/trust")
    manager.patch(path(service_id), {"description": "new", "url": "https://service.example.org/analysis"})
    assert stored(service_id).trusted
    manager.patch(path(service_id), {"url": "https://elsewhere.example.org/"})
    assert not stored(service_id).trusted


def test_a_service_cannot_make_itself_trusted(admin):
    for name, value in {"trusted": True, "max_in_flight": 9, "id": 5, "deleted_at": None, "secret": "x"}.items():
        status, message = admin.post(SERVICES, service_body(**{name: value})).error
        assert (status, message[:28]) == (400, "Invalid/missing parameters: ")
        assert f'"{name}"' in message


def test_many_groups_fit(admin):
    groups = [make_group(admin) for _ in range(40)]
    service_id = register(admin, group_ids=groups)
    assert len(admin.get(path(service_id)).data["groups"]) == 40
    assert admin.delete(path(service_id)).status == 200
    assert admin.get(SERVICES).data == []


def test_trust_and_limits_can_be_read_by_who_reaches_the_service(admin):
    group = make_group(admin)
    manager = manager_of(admin, group)
    service_id = register(manager, group_ids=[group])
    reader = make_user(admin, groups=[group])
    assert reader.get(f"{path(service_id)}/trust").data == {"trusted": False}
    assert reader.get(f"{path(service_id)}/limits").data == {"max_in_flight": None}
    admin.put(f"{path(service_id)}/trust")
    manager.put(f"{path(service_id)}/limits", {"max_in_flight": 3})
    assert reader.get(f"{path(service_id)}/trust").data == {"trusted": True}
    assert reader.get(f"{path(service_id)}/limits").data == {"max_in_flight": 3}
    admin.delete(f"{path(service_id)}/trust")
    assert reader.get(f"{path(service_id)}/trust").data == {"trusted": False}
    outsider = make_user(admin, groups=[make_group(admin)])
    for name in ("trust", "limits"):
        assert outsider.get(f"{path(service_id)}/{name}").error == CANNOT
