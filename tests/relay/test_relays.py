import pytest

from tests.support.people import make_group, make_user
from tests.support.scene import register


def test_the_token_is_shown_once(relayed, scene):
    made = relayed.made
    assert set(made) == {"id", "url", "token"}
    assert made["url"].endswith(f"/api/relay/{made['id']}/run")
    (listed,) = scene.admin.get("/api/relay").data
    assert listed == scene.admin.get(f"/api/relay/{made['id']}").data
    assert made["token"] not in str(listed)
    assert listed["service_id"] == scene.service_id
    assert listed["callback_hosts"] == [relayed.portal.host]
    assert listed["group_ids"] == [scene.group_id]
    assert listed["pull"] is None


def test_only_administrators_have_to_do_with_relays(relayed, scene, admin):
    manager = make_user(admin, roles=["Group admin"], groups=[scene.group_id])
    body = {"service_id": scene.service_id, "callback_hosts": ["portal.example.org"], "group_ids": [scene.group_id]}
    for person in (scene.user, manager):
        assert person.post("/api/relay", body).error[0] == 401
        assert person.get("/api/relay").error[0] == 401
        assert person.get(f"/api/relay/{relayed.made['id']}").error[0] == 401
        assert person.delete(f"/api/relay/{relayed.made['id']}").error[0] == 401


def test_a_revoked_relay_takes_nothing_and_what_is_under_way_is_forwarded(relayed, scene):
    row, _ = relayed.begin()
    scene.admin.delete(f"/api/relay/{relayed.made['id']}")
    assert relayed.post(relayed.portal.document(relayed.portal.record("ZTF26b"))).error[0] == 401
    assert scene.admin.get("/api/relay").data == []
    assert scene.admin.get(f"/api/relay/{relayed.made['id']}").error[0] == 403
    relayed.answer()
    relayed.forward()
    assert row.status == "completed"


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"callback_hosts": []}, 400, "callback_hosts"),
        ({"callback_hosts": ["https://portal.example.org/"]}, 400, "callback_hosts"),
        ({"callback_hosts": ["10.0.0.1"]}, 400, "private"),
        ({"callback_hosts": "portal.example.org"}, 400, "callback_hosts"),
        ({"callback_hosts": ["*"]}, 400, "callback_hosts"),
        ({"service_id": 987654}, 403, "987654"),
        ({"service_id": "x"}, 400, "service_id"),
        ({"service_id": None}, 400, "service_id"),
        ({"group_ids": [987654]}, 403, "987654"),
        ({"pull": {"url": "ftp://portal.example.org", "token": "x"}}, 400, "pull"),
        ({"pull": {"url": "https://portal.example.org"}}, 400, "pull"),
    ],
)
def test_what_makes_no_relay_is_refused(scene, changes, status, words):
    body = {"service_id": scene.service_id, "callback_hosts": ["portal.example.org"], "group_ids": [scene.group_id]}
    answer = scene.admin.post("/api/relay", body | changes)
    assert answer.error[0] == status
    assert words in answer.error[1]


def test_the_list_has_pages(relayed, scene, monkeypatch):
    from chalicelib.relay import relays

    monkeypatch.setattr(relays, "MAX_ROWS", 2)
    body = {"service_id": scene.service_id, "callback_hosts": ["portal.example.org"], "group_ids": [scene.group_id]}
    ids = [relayed.made["id"], *(scene.admin.post("/api/relay", body).data["id"] for _ in range(2))]
    first = scene.admin.get("/api/relay")
    assert [one["id"] for one in first.data] == ids[:2]
    assert f"cursor={ids[1]}" in first.headers["Link"]
    last = scene.admin.get("/api/relay", cursor=ids[1])
    assert [one["id"] for one in last.data] == ids[2:]
    assert "Link" not in last.headers


def test_a_service_that_is_never_called_has_no_relay(scene):
    uploads = register(scene.admin, scene.group_id, scene.service.url, upload_only=True)
    body = {"service_id": uploads, "callback_hosts": ["portal.example.org"]}
    assert scene.admin.post("/api/relay", body).error[0] == 403


def test_the_pull_token_is_sealed_and_shown_to_nobody(scene):
    body = {
        "service_id": scene.service_id,
        "callback_hosts": ["Portal.Example.org"],
        "pull": {"url": "https://portal.example.org/", "token": "a-secret-of-the-portal"},
        "group_ids": [make_group(scene.admin)],
    }
    answer = scene.admin.post("/api/relay", body)
    (listed,) = scene.admin.get("/api/relay").data
    assert "a-secret-of-the-portal" not in answer.body.decode() + str(listed)
    assert listed["pull"] == {"url": "https://portal.example.org"}
    assert listed["callback_hosts"] == ["portal.example.org"]
