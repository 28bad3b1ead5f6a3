import sys

import pytest

from chalicelib.products import reader_process
from chalicelib.products.errors import Unreadable
from chalicelib.products.reader_process import run_reader
from chalicelib.products.samples import unpack


def python(program):
    return (sys.executable, "-c", program)


def test_a_reader_is_given_the_data_and_returns_its_output():
    program = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])"

    assert run_reader(python(program), bytes(range(256)) * 1000) == (bytes(range(256)) * 1000)[::-1]


@pytest.mark.parametrize(
    "program",
    ["import os; os.abort()", "raise MemoryError", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"],
)
def test_a_reader_that_crashes_leaves_a_sentence(program):
    with pytest.raises(Unreadable, match="crashes its reader"):
        run_reader(python(program), b"")


def test_a_reader_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(reader_process, "TIMEOUT", 1)

    with pytest.raises(Unreadable, match="longer than 1 s"):
        run_reader(python("import time; time.sleep(60)"), b"")


def test_a_reader_that_refuses_says_why():
    with pytest.raises(Unreadable, match=r"^It is broken\.$"):
        run_reader(python("import sys; sys.stderr.write('It is broken.'); sys.exit(3)"), b"")


def test_the_reader_imports_what_this_process_can():
    program = "import chalicelib.products.errors as found; print(found.__name__)"

    assert run_reader(python(program), b"").split() == [b"chalicelib.products.errors"]


@pytest.mark.parametrize(
    "packed",
    [b"", b"garbage", b"5\n", b'[["a"]]\n', b'[["a", 2]]\n' + bytes(8), b'[["a", 1]]\n' + bytes(5), b'[["a", -1]]\n'],
)
def test_what_no_reader_writes_is_unreadable(packed):
    with pytest.raises(Unreadable):
        unpack(packed)


def test_the_reader_of_posteriors_limits_itself_before_it_reads():
    program = (
        "import resource; from chalicelib.products.netcdf.posterior_file import main; assert main() == 3;"
        "print([resource.getrlimit(getattr(resource, 'RLIMIT_' + name))[1] for name in ('AS', 'CPU', 'FSIZE', 'CORE')])"
    )

    assert run_reader(python(program), b"").split() == [b"[2000000000,", b"20,", b"0,", b"0]"]


def test_a_reader_sees_no_credentials(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "hidden")

    assert b"hidden" not in run_reader(python("import os; print(dict(os.environ))"), b"")
