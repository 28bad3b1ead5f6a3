"""`python -m infra.local …`, run to its end."""

import os
import subprocess
import sys

from tests.infra.serve import ROOT


def plain():
    """Return an environment with nothing of the tests' own settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("SIDEROSTAT_", "AWS_"))}


def run(*words, **environment):
    return subprocess.run(
        [sys.executable, "-m", "infra.local", *map(str, words)],
        cwd=ROOT,
        env=plain() | environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def refused(*words, **environment):
    """Return status and the one line on standard error of a command that must refuse."""
    done = run(*words, **environment)
    assert done.returncode != 0
    assert done.stderr.count("\n") == 1, done.stderr
    return done.returncode, done.stderr
