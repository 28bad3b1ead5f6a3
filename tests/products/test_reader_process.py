import json

import numpy as np
import pytest

from chalicelib.products import reader_process
from chalicelib.products.errors import BadArguments, Unreadable
from chalicelib.products.reader_process import Readers
from chalicelib.products.samples import Chosen, Facts, pack, unpack


@pytest.fixture(scope="module")
def readers():
    readers = Readers("tests.support.any_reader")
    yield readers
    readers.stop()


def test_a_reader_is_given_the_data_and_returns_its_output(readers):
    program = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])"

    assert readers.run(program, bytes(range(256)) * 1000) == (bytes(range(256)) * 1000)[::-1]


@pytest.mark.parametrize(
    "program",
    ["import os; os.abort()", "raise MemoryError", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"],
)
def test_a_reader_that_crashes_leaves_a_sentence(program, readers):
    with pytest.raises(Unreadable, match="crashes its reader"):
        readers.run(program, b"")


def test_a_reader_that_hangs_is_ended(monkeypatch, readers):
    monkeypatch.setattr(reader_process, "TIMEOUT", 1)

    with pytest.raises(Unreadable, match="longer than 1 s"):
        readers.run("import time; time.sleep(60)", b"")


def test_a_reader_that_refuses_says_why(readers):
    with pytest.raises(Unreadable, match=r"^It is broken\.$"):
        readers.run("import sys; sys.stderr.write('It is broken.'); sys.exit(3)", b"")


def test_the_reader_imports_what_this_process_can(readers):
    program = "import chalicelib.products.errors as found; print(found.__name__)"

    assert readers.run(program, b"").split() == [b"chalicelib.products.errors"]


CHOSEN = Chosen(
    {"a": np.arange(3.0), "b é": np.arange(3.0) + 1},
    Facts(names=("a", "b é", "c"), draws=9, left_out=2, unequal=("d",), labels={"a": "$a$"}),
)


def test_what_is_packed_is_unpacked_as_it_was():
    unpacked = unpack(pack(CHOSEN))

    assert unpacked.facts == CHOSEN.facts
    assert {name: values.tolist() for name, values in unpacked.columns.items()} == {"a": [0, 1, 2], "b é": [1, 2, 3]}


def damaged():
    line, _, samples = pack(CHOSEN).partition(b"\n")
    header = json.loads(line)
    yield from (b"", b"garbage", b"5\n", b"[]\n", b"\xff\n", line, line + b"\n" + samples[1:], b"[" * 100_000)
    for change in (
        {"columns": ["a"]},
        {"columns": "ab"},
        {"columns": ["a", 5]},
        {"length": -1},
        {"length": 2**62},
        {"length": True},
        {"length": 3.0},
        {"facts": None},
        {"facts": {}},
        {"facts": header["facts"] | {"draws": "many"}},
        {"facts": header["facts"] | {"labels": {"a": 5}}},
        {"facts": header["facts"] | {"labels": []}},
        {"facts": header["facts"] | {"unequal": "d"}},
    ):
        yield json.dumps(header | change).encode() + b"\n" + samples


@pytest.mark.parametrize("packed", list(damaged()))
def test_what_no_reader_writes_is_unreadable(packed):
    with pytest.raises(Unreadable, match=r"^The posterior cannot be read\.$"):
        unpack(packed)


def test_a_reader_that_was_asked_for_something_else_says_what(readers):
    with pytest.raises(BadArguments, match=r"^var_names: 'x'\.$"):
        readers.run("import sys; sys.stderr.write(\"var_names: 'x'.\"); sys.exit(4)", b"")


def test_the_reader_of_posteriors_limits_itself_before_it_reads(readers):
    program = (
        "import resource; from chalicelib.products.netcdf.posterior_file import main; assert main('check') == 3;"
        "print([resource.getrlimit(getattr(resource, 'RLIMIT_' + name))[1] for name in ('AS', 'CPU', 'FSIZE', 'CORE')])"
    )

    assert readers.run(program, b"").split() == [b"[2000000000,", b"20,", b"0,", b"0]"]
