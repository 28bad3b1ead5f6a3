"""A small night; `make check-deep` has one of 500 analyses (tests/faults/test_relay.py)."""

from tests.support.portal import Portal
from tests.support.relay_night import directly, through_relay

COUNT = 30


def test_all_are_right_through_a_relay_and_none_twice(relayed):
    account = through_relay(relayed, COUNT)
    assert (account.right, account.double, account.states) == (COUNT, 0, {"completed": COUNT})


def test_directly_some_are_lost_in_every_way(service):
    with Portal() as portal:
        account = directly(portal, service, 80)
    assert account.right < account.asked
    assert account.states["failure"] > 0  # the service failed once
    assert account.states["queued"] > 0  # lost with the portal's memory
    assert account.states["pending"] > 0  # the result came too early, or while the portal was down
