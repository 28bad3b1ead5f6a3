"""`make run DEMO=many`: all demonstration data, with a finished analysis of each kind."""

import re

import pytest

from tests.infra.serve import Serve


@pytest.mark.timeout(1800)
def test_all_demonstration_data_are_loaded_and_analysed(tmp_path):
    stack = Serve(tmp_path / "log", "--demo", "many", "--once", "--output", str(tmp_path / "out"))
    out, error = stack.process.communicate(timeout=1700)
    assert (stack.process.returncode, error) == (0, "")
    assert "objects      23 supernovae, 2 galaxies, a variable star" in out
    assert int(re.search(r"analyses .* (\d+) completed", out)[1]) >= 40
