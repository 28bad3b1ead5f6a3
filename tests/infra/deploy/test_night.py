"""The simulation of docs/scaling.md keeps what it is given, and is limited by what it is told."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.night import NIGHT_SECONDS, Night, Site, lag_minutes, simulate

SMALL = replace(Night(), alerts=1e5)


def test_a_small_night_is_done_at_dawn():
    course = simulate(SMALL, Site())

    assert course.waiting_dispatch[NIGHT_SECONDS + 60 :].max() < 1
    assert lag_minutes(course.waiting_collect) < 20
    assert course.functions.max() < Site().account


def test_no_more_functions_run_at_once_than_the_account_lets():
    course = simulate(replace(Night(), alerts=1e6), Site(account=50))

    assert np.percentile(course.functions, 99) <= 50 * 1.01


def test_slow_services_make_dispatches_wait():
    quick, slow = (simulate(replace(Night(), slow_share=share), Site()) for share in (0.0, 0.9))

    assert slow.waiting_dispatch.max() > 100 * quick.waiting_dispatch.max()


@pytest.mark.parametrize(("collect", "late"), [(20, True), (500, False)])
def test_collections_wait_if_too_few_run_at_once(collect, late):
    assert (lag_minutes(simulate(Night(), Site(collect=collect)).waiting_collect) > 60) == late
