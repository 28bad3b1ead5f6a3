"""Which Python the environments are made with."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parents[2] / "Makefile"
DISTRIBUTED = "distribution/python3"


@pytest.fixture
def chosen(tmp_path):
    """Choose among Pythons that end with these statuses when they are asked whether they suit; None is missing."""

    def chosen(*, distributed, in_path, options=()):
        for place, status in ((DISTRIBUTED, distributed), ("path/python3", in_path)):
            if status is not None:
                program = tmp_path / place
                program.parent.mkdir()
                program.write_text(f"#!/bin/sh\nexit {status}\n")
                program.chmod(0o755)
        done = subprocess.run(
            [
                shutil.which("make"),
                f"--file={MAKEFILE}",
                "--eval=python: ; @echo $(PYTHON)",
                "python",
                f"DISTRIBUTED={DISTRIBUTED}",
                *options,
            ],
            cwd=tmp_path,
            env={"PATH": f"{tmp_path / 'path'}{os.pathsep}{os.defpath}"},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    return chosen


def test_the_distributions_is_preferred(chosen):
    assert chosen(distributed=0, in_path=0) == DISTRIBUTED


@pytest.mark.parametrize("status", [None, 1], ids=["missing", "too old, or without venv"])
def test_where_that_does_not_suit_the_one_in_the_path_is_taken(chosen, status):
    assert chosen(distributed=status, in_path=0) == "python3"


def test_where_none_suits_the_one_in_the_path_is_left_to_say_why(chosen):
    assert chosen(distributed=1, in_path=1) == "python3"


def test_one_that_is_named_is_taken(chosen):
    assert chosen(distributed=0, in_path=0, options=["PYTHON=python3.13"]) == "python3.13"


def test_a_real_one_suits(chosen, tmp_path):
    (tmp_path / "real").symlink_to(sys.executable)

    assert chosen(distributed=None, in_path=0, options=["DISTRIBUTED=./real"]) == "./real"
