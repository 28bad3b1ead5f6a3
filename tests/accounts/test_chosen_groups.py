"""Which groups a request is about."""

import pytest

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import chosen_groups, group_records
from chalicelib.http.errors import BadRequest, Forbidden
from tests.support.people import make_group


@pytest.fixture
def groups(stack, admin):
    return stack.recall("three groups", lambda: [make_group(admin) for _ in range(3)])


def _caller(groups, *permissions):
    return Caller(1, "somebody", frozenset(permissions), frozenset(groups))


@pytest.mark.parametrize("requested", [None, [], ()])
def test_by_default_all_groups_of_the_caller(groups, requested):
    assert chosen_groups(_caller(groups[:2]), requested) == frozenset(groups[:2])


def test_those_that_are_named(groups):
    assert chosen_groups(_caller(groups), [groups[1], groups[1]]) == {groups[1]}


def test_foreign_groups_are_refused_by_number(groups):
    with pytest.raises(Forbidden, match=rf"^Cannot find one or more groups with IDs: \[{groups[2]}\]\.$"):
        chosen_groups(_caller(groups[:2]), [groups[0], groups[2]])


def test_a_system_admin_names_any_group_that_exists(groups):
    caller = _caller([], "System admin")
    assert chosen_groups(caller, groups) == frozenset(groups)
    with pytest.raises(Forbidden, match=r"\[98, 99\]"):
        chosen_groups(caller, [*groups, 99, 98])


@pytest.mark.parametrize("number", [-1, 2**53, 10**3000])
def test_a_number_that_is_no_id_is_no_group(groups, number):
    with pytest.raises(Forbidden, match="Cannot find one or more groups"):
        chosen_groups(_caller([], "System admin"), [number])


@pytest.mark.parametrize("requested", [None, []])
def test_none_is_not_enough(stack, requested):
    with pytest.raises(BadRequest, match="At least one group"):
        chosen_groups(_caller([]), requested)


def test_more_than_allowed_are_too_many(groups):
    with pytest.raises(BadRequest, match="at most 2"):
        chosen_groups(_caller(groups), None, most=2)


def test_group_records_are_sorted_and_leave_out_what_does_not_exist(groups):
    assert [record["id"] for record in group_records([groups[2], 99, groups[0]])] == [groups[0], groups[2]]
    assert group_records([]) == []


def test_a_changed_record_does_not_change_what_is_remembered(groups):
    group_records(groups)[0]["name"] = "changed"
    assert group_records(groups)[0]["name"] != "changed"
