"""The summary of a source and its history."""

import re
from random import Random

import pytest

from chalicelib.sources.items.source import Source
from chalicelib.sources.source.summary import add_summary, remove_analysis_summaries


def history(sky):
    return sky.user.get(sky.source).data["summary_history"]


def summary(sky):
    return sky.user.get(sky.source).data["summary"]


def test_a_summary_by_hand_is_recorded_newest_first(sky):
    sky.user.patch(sky.source, {"summary": "first"})
    sky.user.patch(sky.source, {"summary": "second"})

    newest, oldest = history(sky)

    assert summary(sky) == newest["summary"] == "second"
    assert oldest["summary"] == "first"
    assert set(newest) == {"set_by_user_id", "set_at_utc", "summary", "is_bot", "analysis_id"}
    assert (newest["set_by_user_id"], newest["is_bot"], newest["analysis_id"]) == (sky.user.user_id, False, None)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", newest["set_at_utc"])


def test_null_clears_the_summary_and_is_recorded(sky):
    sky.user.patch(sky.source, {"summary": "first"})
    sky.user.patch(sky.source, {"summary": None})

    assert summary(sky) is None
    assert [entry["summary"] for entry in history(sky)] == [None, "first"]


def test_an_analysis_adds_its_summary_once(sky):
    sky.user.patch(sky.source, {"summary": "by hand"})

    assert add_summary(sky.obj_id, "by a robot", user_id=7, analysis_id=11) is True
    assert add_summary(sky.obj_id, "by a robot", user_id=7, analysis_id=11) is False

    newest, _ = history(sky)
    assert summary(sky) == "by a robot"
    assert (newest["is_bot"], newest["analysis_id"], newest["set_by_user_id"]) == (True, 11, 7)


def test_removing_the_current_summary_lets_the_newest_remaining_one_take_over(sky):
    for number, text in enumerate(("one", "two", "three"), start=1):
        add_summary(sky.obj_id, text, user_id=7, analysis_id=number)

    remove_analysis_summaries(sky.obj_id, 3)
    assert summary(sky) == "two"

    remove_analysis_summaries(sky.obj_id, 1)
    assert (summary(sky), len(history(sky))) == ("two", 1)

    remove_analysis_summaries(sky.obj_id, 2)
    remove_analysis_summaries(sky.obj_id, 2)
    assert (summary(sky), history(sky)) == (None, [])


def test_the_oldest_entries_of_a_history_go_when_the_item_is_full(sky):
    letters = Random(1)
    texts = [letters.randbytes(5_000).hex() for _ in range(25)]

    for number, text in enumerate(texts):
        add_summary(sky.obj_id, text, user_id=7, analysis_id=number)

    kept = Source.get(sky.obj_id, "source").summary_history
    assert kept[0]["summary"] == texts[-1]
    assert 10 < len(kept) < 25
    assert [entry["analysis_id"] for entry in kept] == list(range(24, 24 - len(kept), -1))


def test_a_summary_of_a_source_that_does_not_exist_says_so(sky):
    with pytest.raises(Source.DoesNotExist):
        add_summary("nowhere", "text", user_id=7, analysis_id=1)
