"""The two commands work in any folder: a long path with spaces, no home, a long folder for temporary files."""

import os
import subprocess

import pytest

from tests.support.checkout import check_out

pytestmark = [pytest.mark.timeout(2400), pytest.mark.xdist_group("any folder")]

FOLDER = "a checkout of André's, " + "deep " * 36 + "down"
"""Longer than a line of `ps`, than the first line of a script may be, and than the path of a Unix socket."""

SCRATCH = "temporary " + "files " * 34 + "here"

TESTS = "tests/infra tests/end_to_end/test_way_of_an_analysis.py tests/examples tests/security/test_whole_suite.py"
"""Those that start processes, load libraries or write files."""

NOWHERE = "/dev/null/home"
"""Nobody can write there, not even root."""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    folder = tmp_path_factory.mktemp("any") / FOLDER
    check_out(folder)
    return folder


@pytest.fixture
def make(checkout):
    """Call `make` in the folder, with nothing of this run of pytest in its environment."""
    scratch = checkout.with_name(SCRATCH)
    scratch.mkdir(exist_ok=True)
    ours = ("AWS_", "MAKE", "MFLAGS", "MPL", "PYTEST_", "SIDEROSTAT_", "XDG_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment = {**inherited, "HOME": NOWHERE, "TMPDIR": str(scratch)}

    def run(*arguments):
        done = subprocess.run(
            ["make", *arguments], cwd=checkout, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-5_000:]
        return done

    return run


def test_the_tests_pass(make):
    make("test", f"TESTS={TESTS}")


def test_the_demo_fits_a_supernova(make, checkout):
    done = make("run", "ONCE=1", "PORT=0")

    assert "completed" in done.stdout
    assert done.stderr == ""
    assert (checkout / "demo-output" / "corner.png").exists()
