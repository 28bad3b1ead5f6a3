import logging
import os
import time

import pytest

from infra.local.aws.kept.clock import OnwardClock, look


def test_it_goes_on_where_the_other_goes_back(caplog):
    times = iter([1_000_000.0, 1_001_000.0, 1_000_500.0, 1_002_000.0, 402_000.0, 403_000.0])
    clock = OnwardClock(lambda: next(times))

    with caplog.at_level(logging.WARNING, "siderostat.aws"):
        assert [clock() for _ in range(5)] == [1_001_000, 1_000_500, 1_002_000, 1_002_000, 1_003_000]
    assert [record.getMessage() for record in caplog.records] == [
        "the clock has gone back by 600 s: messages are delivered as if it had not"
    ]


@pytest.mark.parametrize(("ahead", "said"), [(3600, 1), (-3600, 0)])
def test_a_start_says_that_the_clock_has_gone_back(tmp_path, caplog, ahead, said):
    database = tmp_path / "database"
    database.touch()
    os.utime(database, (time.time() + ahead,) * 2)
    with caplog.at_level(logging.WARNING, "siderostat.aws"):
        look(database)
    assert len(caplog.records) == said
