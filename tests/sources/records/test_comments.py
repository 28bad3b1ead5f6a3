"""Comments on a source."""

import pytest

from tests.support.people import make_group


def comments(sky, api=None, **query):
    return (api or sky.user).get(f"{sky.source}/comments", **query).data


def post(sky, text, **fields):
    return sky.user.post(f"{sky.source}/comments", {"text": text, **fields}).data["comment_id"]


def test_a_comment_is_read_as_it_was_posted_and_counts_as_a_robots(sky):
    number = post(sky, "Looks like a supernova", origin="scanner")

    (comment,) = comments(sky)

    assert comment == sky.user.get(f"{sky.source}/comments/{number}").data
    assert (comment["id"], comment["text"], comment["origin"]) == (number, "Looks like a supernova", "scanner")
    assert comment["bot"] is True
    assert comment["author"]["id"] == comment["author_id"] == sky.user.user_id
    assert [group["id"] for group in comment["groups"]] == [sky.group_id]


def test_comments_come_oldest_first_and_found_ones_newest_first_in_pages(sky):
    for text in ("one bright", "two", "three BRIGHT", "four bright"):
        post(sky, text)

    assert [one["text"] for one in comments(sky)] == ["one bright", "two", "three BRIGHT", "four bright"]
    assert [one["text"] for one in comments(sky, text="bright", numPerPage=2)] == ["four bright", "three BRIGHT"]
    assert [one["text"] for one in comments(sky, text="bright", numPerPage=2, pageNumber=2)] == ["one bright"]


def test_a_page_of_found_comments_has_at_most_five_hundred(sky):
    post(sky, "one")

    assert [one["text"] for one in comments(sky, text="one", numPerPage=1000)] == ["one"]
    assert sky.user.get(f"{sky.source}/comments", text="one", numPerPage=0).error[0] == 400


def test_a_comment_is_visible_to_its_groups(sky):
    private = make_group(sky.admin, members=[sky.user])
    number = post(sky, "secret", group_ids=[private])

    assert comments(sky, sky.member()) == []
    assert sky.member().get(f"{sky.source}/comments/{number}").error[0] == 403
    assert sky.outsider().get(f"{sky.source}/comments").error == (404, "Source not found")
    assert sky.outsider().post(f"{sky.source}/comments", {"text": "x"}).error == (404, "Source not found")


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": 7}, {"text": "x" * 50_001}])
def test_a_wrong_comment_is_refused(sky, body):
    code, message = sky.user.post(f"{sky.source}/comments", body).error

    assert (code, "text" in message) == (400, True)


def test_only_the_author_or_who_manages_sources_removes_a_comment(sky):
    first, second = post(sky, "one"), post(sky, "two")

    assert sky.member().delete(f"{sky.source}/comments/{first}").error[0] == 403
    assert sky.user.delete(f"{sky.source}/comments/{first}").data == {}
    assert sky.member("Group admin").delete(f"{sky.source}/comments/{second}").data == {}
    assert comments(sky) == []
    assert sky.user.delete(f"{sky.source}/comments/{first}").error[0] == 403


def test_commenting_needs_the_permission(sky):
    assert sky.member("View only").post(f"{sky.source}/comments", {"text": "x"}).error[0] == 401
