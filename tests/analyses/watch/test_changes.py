"""What moved of what a caller may read: told once, and never missed."""

from datetime import timedelta

import pytest

from chalicelib import clock
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.watch import changes as module
from chalicelib.analyses.watch.cursor import MOST_TOLD, Cursor, read_cursor
from chalicelib.http.errors import BadRequest
from tests.support.access_world import make_world
from tests.support.aws_calls import recorded_aws_calls
from tests.support.people import make_group, make_user
from tests.support.worker import drain

PATH = "/api/analysis_changes"


class Watcher:
    """Asks with what the answer before said."""

    def __init__(self, api):
        self.api = api
        self.next = self.tag = None
        self.first = self.look()

    def look(self):
        """Return the ids of what moved."""
        query = {} if self.next is None else {"since": self.next}
        answer = self.api.get(PATH, **query)
        self.next, self.tag = answer.data["next"], answer.headers["ETag"]
        self.data = answer.data
        return [run["id"] for run in answer.data["runs"]]

    def status(self):
        return self.api.get(PATH, since=self.next, headers={"If-None-Match": self.tag}).status


def test_the_first_answer_has_the_newest_runs(scene):
    started = [scene.start() for _ in range(3)]
    watcher = Watcher(scene.user)
    assert watcher.first == started[::-1]
    assert watcher.data["reset"] is True
    assert watcher.look() == []
    assert watcher.data == {"next": watcher.next, "runs": [], "gone": [], "reset": False}


def test_each_move_is_told_once(scene):
    watcher = Watcher(scene.user)
    number = scene.start()
    assert watcher.look() == [number]
    assert watcher.data["runs"][0]["status"] == "queued"
    assert watcher.look() == []
    drain()
    assert watcher.look() == [number]
    assert watcher.data["runs"][0]["status"] == "pending"
    scene.answer(scene.service.received[0].token)
    assert watcher.look() == [number]
    assert watcher.data["runs"][0]["status"] == "completed"
    assert watcher.look() == []
    drain()  # its products can be read now
    assert watcher.look() == [number]
    assert watcher.look() == []


def test_nothing_is_sent_while_nothing_moves(scene):
    number = scene.start()
    watcher = Watcher(scene.user)
    assert watcher.status() == 304
    assert scene.user.get(PATH, headers={"If-None-Match": watcher.tag}).status == 304
    scene.user.post(f"/api/obj/analysis/{number}/cancel")
    assert watcher.status() == 200
    assert watcher.look() == [number]
    assert watcher.status() == 304


def test_what_is_written_late_is_told_all_the_same(scene):
    """Another process wrote a moment that lies before what was told already."""
    watcher = Watcher(scene.user)
    first, second = scene.start(), scene.start()
    late = clock.now()
    assert watcher.look() == [first, second]
    scene.user.post(f"/api/obj/analysis/{second}/cancel")
    assert watcher.look() == [second]
    Run(first, "run").update(actions=[Run.moved.set(late)])
    assert watcher.look() == [first]
    assert watcher.look() == []


def test_a_deleted_run_is_gone(scene):
    number = scene.start()
    watcher = Watcher(scene.user)
    scene.user.delete(f"/api/obj/analysis/{number}")
    assert watcher.look() == []
    assert watcher.data["gone"] == [number]
    drain()
    watcher.look()
    assert watcher.look() == watcher.data["gone"] == []


def test_more_than_one_answer_holds_is_told_in_the_next_ones(scene, monkeypatch):
    monkeypatch.setattr(module, "MOST_TOLD", 3)
    monkeypatch.setattr(module, "_MOST_READ", 3)
    watcher = Watcher(scene.user)
    started = {scene.start() for _ in range(14)}
    seen = []
    for _ in range(30):
        seen += watcher.look()
    assert set(seen) == started
    assert len(seen) == len(started)


def test_nobody_is_told_of_what_is_not_for_them(admin, service):
    world = make_world(admin, service)
    member, author = Watcher(world.people["member"]), Watcher(world.people["author"])
    outsider = Watcher(make_user(admin, groups=[make_group(admin)]))
    made = {target: world.ids(target)["analysis_id"] for target in ("own", "shared", "foreign")}
    seen = set(member.look())
    assert {made["own"], made["shared"]} <= seen
    assert made["foreign"] not in seen
    assert set(made.values()) <= set(author.look())
    assert outsider.look() == outsider.data["gone"] == []
    author.api.delete(f"/api/obj/analysis/{made['foreign']}")
    member.look()
    assert made["foreign"] not in member.data["gone"]


def test_who_gets_a_source_later_is_told_what_moves_on_it(scene):
    public = scene.user.get("/api/groups/public").data["id"]
    number = scene.start(group_ids=[public])
    later = scene.outsider()
    group = next(row["id"] for row in later.get("/api/groups").data["user_groups"] if row["id"] != public)
    watcher = Watcher(later)
    assert watcher.first == []
    scene.admin.post("/api/sources", {"id": scene.obj_id, "group_ids": [group]})
    scene.user.post(f"/api/obj/analysis/{number}/cancel")
    assert number in watcher.look()


def test_who_was_away_begins_anew(scene, clock):
    number = scene.start()
    watcher = Watcher(scene.user)
    clock.advance(hours=2)
    assert watcher.look() == [number]
    assert watcher.data["reset"] is True
    assert watcher.look() == []


def test_a_long_silence_costs_little(scene, clock):
    scene.start()
    watcher = Watcher(scene.user)
    before = watcher.next
    for _ in range(20):
        clock.advance(minutes=9)
        assert watcher.look() == []
        assert watcher.data["reset"] is False
        assert watcher.status() == 304
    assert watcher.next != before
    with recorded_aws_calls() as calls:
        watcher.look()
    assert set(calls) == {"Query"}
    assert len(calls) <= 8


def test_a_look_takes_a_call_for_each_partition(scene):
    scene.start()
    watcher = Watcher(scene.user)
    with recorded_aws_calls() as calls:
        watcher.look()
    assert set(calls) == {"Query"}
    assert len(calls) in {4, 8}
    scene.start()
    with recorded_aws_calls() as calls:
        watcher.look()
    assert [name for name in calls if name != "Query"] == ["BatchGetItem", "TransactGetItems"]


@pytest.mark.parametrize(
    "since", ["x", "~", "5", "2026-11-26T03:00:00.000000~", "9999-99-99T00:00:00.000000~AAAAAAAA~", "ä", " ", "59000.5"]
)
def test_garbage_is_refused(scene, since):
    code, message = scene.user.get(PATH, since=since).error
    assert code == 400
    assert "since" in message


def test_a_time_may_be_given(scene):
    before = clock.now()
    number = scene.start()
    answer = scene.user.get(PATH, since=before.isoformat()).data
    assert [run["id"] for run in answer["runs"]] == [number]
    assert scene.user.get(PATH, since="0001-01-01").data["reset"] is True
    assert scene.user.get(PATH, since="9999-12-31").data["runs"] == []
    assert scene.user.get(PATH, since="2026-01-01~" * 1000).error[0] == 400


def test_a_cursor_stays_short():
    now = clock.now()
    many = [(now + timedelta(microseconds=number), number) for number in range(5 * MOST_TOLD)]
    cursor = Cursor(now - timedelta(minutes=1), "A" * 8).told(many, many, now - timedelta(minutes=1))
    assert len(str(cursor)) < 4_000
    assert read_cursor(str(cursor)) == cursor
    assert all(cursor.knows(change) for change in many)
    with pytest.raises(BadRequest):
        read_cursor(str(cursor) + "A")
