"""A portal's night through a relay and without: 500 analyses, a service that fails one time in five, two restarts."""

import pytest

from tests.relay.relayed import Relayed
from tests.support.portal import Portal
from tests.support.relay_night import directly, through_relay
from tests.support.scene import make_scene
from tests.support.worker import Clock

COUNT = 500


@pytest.mark.timeout(1800)
def test_of_500_analyses_through_a_relay_all_are_right_and_none_twice(admin, service, monkeypatch, record_property):
    from chalicelib import clock

    scene, time = make_scene(admin, service), Clock(monkeypatch)
    with Portal(now=clock.now) as portal:
        account = through_relay(Relayed(scene, portal, time), COUNT)
    record_property("account", str(account))
    assert (account.asked, account.right, account.double) == (COUNT, COUNT, 0)


@pytest.mark.timeout(600)
def test_of_500_analyses_without_one_some_are_lost_in_every_way(service, record_property):
    with Portal() as portal:
        account = directly(portal, service, COUNT)
    record_property("account", str(account))
    assert account.right < account.asked
    assert {"failure", "queued", "pending"} <= set(account.states)
