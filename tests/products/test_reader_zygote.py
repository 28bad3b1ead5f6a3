"""What one file, one reader or one death may do to another: nothing."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import psutil
import pytest

from chalicelib.products.errors import Unreadable
from chalicelib.products.reader_process import Readers, ZygoteDied
from chalicelib.products.scratch import new_file
from tests.support.processes import alive, children, gone_within

ZYGOTE = "import os; print(os.getppid())"
HANG = "import time; time.sleep(600)"
SEGMENTATION_FAULT = "import ctypes; ctypes.string_at(0)"


@pytest.fixture
def readers():
    readers = Readers("tests.support.any_reader")
    yield readers
    readers.stop()


def zygote_of(readers):
    return int(readers.run(ZYGOTE, b""))


def reads(readers):
    return readers.run("import sys; print(sys.stdin.read())", b"sound") == b"sound\n"


@contextmanager
def running(program):
    """Run a program in a process of its own; yield that, and the numbers in the first line that it prints."""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        try:
            yield process, [int(number) for number in process.stdout.readline().split()]
        finally:
            process.kill()


def test_files_are_read_by_processes_that_have_one_parent_with_one_thread(readers):
    program = "import os; print(os.getpid(), os.getppid())"

    (first, zygote), (second, same) = (map(int, readers.run(program, b"").split()) for _ in range(2))

    assert len({first, second, zygote, os.getpid()}) == 4
    assert zygote == same
    assert psutil.Process(zygote).ppid() == os.getpid()
    assert psutil.Process(zygote).num_threads() == 1


def test_nothing_is_started_before_the_first_file():
    program = (
        "import psutil; from chalicelib.products.netcdf import inference_data, posterior_file, reader_request; "
        "print(len(psutil.Process().children()), flush=True)"
    )
    with running(program) as (_, (count,)):
        assert count == 0


def test_neither_zygote_nor_reader_sees_credentials(readers, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "hidden")
    program = "import os; print(dict(os.environ)); print(open(f'/proc/{os.getppid()}/environ').read())"

    seen = readers.run(program, b"")

    assert b"PYTHONPATH" in seen
    assert b"hidden" not in seen


def waiting_for(path):
    """Return a program that ends when there is this file."""
    return f"import os, time\nwhile not os.path.exists({str(path)!r}): time.sleep(0.01)\nprint('late')"


def test_a_reader_has_nothing_open_but_its_file_and_its_output(readers, tmp_path):
    zygote, _mine = psutil.Process(zygote_of(readers)), new_file()
    hanging = threading.Thread(target=readers.run, args=(waiting_for(tmp_path / "go"), b""))
    hanging.start()
    while not zygote.children():
        time.sleep(0.01)
    listing = "import os; print(*sorted(os.listdir('/proc/self/fd'), key=int))"

    assert readers.run(listing, b"", None, 10).split() == [b"0", b"1", b"2", b"3"]  # 3: the listing itself
    assert len(zygote.children()) == 1
    (tmp_path / "go").touch()
    hanging.join()


def test_a_file_changes_nothing_for_the_next_one(readers):
    poison = (
        "import builtins, json, os, resource, signal; builtins.print = json.dumps = None; os.environ['X'] = 'x'; "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "os.chdir('/')"
    )
    look = (
        "import json, os, resource, signal; print(json.dumps([os.getcwd(), os.environ.get('X'), "
        "resource.getrlimit(resource.RLIMIT_FSIZE), str(signal.getsignal(signal.SIGTERM))]))"
    )
    before = readers.run(look, b"")

    readers.run(poison, b"")

    assert readers.run(look, b"") == before


@pytest.mark.parametrize(
    "program",
    [
        SEGMENTATION_FAULT,
        "import os; os.abort()",
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 28, 1 << 28)); bytearray(1 << 30)",
        "import os; os._exit(77)",
        "import sys; sys.exit('no')",
        "import os, signal; os.kill(os.getpid(), signal.SIGXCPU)",
        "x = '\\ud800'; print(x)",
        "raise KeyboardInterrupt",
    ],
)
def test_a_crash_is_told_and_the_next_file_is_read(readers, program):
    zygote = zygote_of(readers)

    with pytest.raises(Unreadable, match=r"^The file is damaged in a way that crashes its reader\.$"):
        readers.run(program, b"")

    assert reads(readers)
    assert zygote_of(readers) == zygote


def test_a_crash_tells_the_next_file_nothing_about_where_things_lie_in_memory(readers):
    secret_of_the_process = "print(hash('a text'))"
    before, still = (readers.run(secret_of_the_process, b"") for _ in range(2))

    with pytest.raises(Unreadable):
        readers.run(SEGMENTATION_FAULT, b"")

    assert before == still
    assert readers.run(secret_of_the_process, b"") != before


def test_how_a_reader_ended_is_in_the_log(readers, caplog):
    with pytest.raises(Unreadable):
        readers.run(SEGMENTATION_FAULT, b"")
    with pytest.raises(Unreadable):
        readers.run("raise OSError('so it is')", b"")

    assert f"ended with {-signal.SIGSEGV}: b''" in caplog.messages[0]
    assert "ended with 1: b'Traceback" in caplog.messages[1]
    assert "so it is" in caplog.messages[1]


@pytest.mark.parametrize(
    "hang",
    [
        "while True: pass",
        f"import os; os.closerange(0, 3); {HANG}",
        f"import signal; signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)); {HANG}",
    ],
)
def test_a_reader_that_takes_too_long_has_ended_when_that_is_told(readers, hang):
    zygote = zygote_of(readers)

    with pytest.raises(Unreadable, match=r"^Reading the file takes longer than 0\.5 s\.$"):
        readers.run(hang, b"", None, 0.5)

    assert psutil.Process(zygote).children() == []
    assert zygote_of(readers) == zygote


def test_a_sentence_without_end_is_cut_off(readers):
    with pytest.raises(Unreadable, match=r"^x{1000}$"):
        readers.run("import sys; sys.stderr.write('x' * 1_000_000); sys.exit(3)", b"")


def test_a_sentence_with_half_a_character_is_a_refusal(readers):
    with pytest.raises(Unreadable, match=r"^It is \\udc80\.$"):
        readers.run("import sys; sys.stderr.write('It is \\udc80.'); sys.exit(3)", b"")


def test_two_are_read_at_once(readers, tmp_path):
    found = []
    thread = threading.Thread(target=lambda: found.append(readers.run(waiting_for(tmp_path / "go"), b"")))
    thread.start()

    assert reads(readers)
    assert found == []

    (tmp_path / "go").touch()
    thread.join()
    assert found == [b"late\n"]


def test_many_threads_share_the_first_zygote(readers):
    found = []
    threads = [threading.Thread(target=lambda: found.append(zygote_of(readers))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1
    assert [pid for pid in children(os.getpid()) if pid in found] == found[:1]


def test_a_zygote_that_was_killed_is_started_anew(readers):
    killed = zygote_of(readers)
    os.kill(killed, signal.SIGKILL)

    assert reads(readers)

    assert zygote_of(readers) != killed
    assert not psutil.pid_exists(killed)


def test_a_file_whose_zygote_was_killed_meanwhile_is_read_again_from_its_start(readers, tmp_path):
    program = (
        "import os, pathlib, sys; text = sys.stdin.read(); print(text, flush=True)\n"
        f"if not (mark := pathlib.Path({str(tmp_path / 'mark')!r})).exists(): mark.touch(); os.kill(os.getppid(), 9)"
    )
    output = new_file()

    readers.run(program, b"the whole file", output)

    assert output.whole().read() == b"the whole file\n"


def test_all_that_were_being_read_by_a_zygote_that_was_killed_are_read_again(readers, tmp_path):
    program = "import os, time; time.sleep(0.3); print(os.getppid())"
    found, killed = [], zygote_of(readers)
    threads = [threading.Thread(target=lambda: found.append(int(readers.run(program, b"")))) for _ in range(4)]
    for thread in threads:
        thread.start()
    while len(children(killed)) < len(threads):
        time.sleep(0.01)
    os.kill(killed, signal.SIGKILL)
    for thread in threads:
        thread.join()

    assert len(found) == 4
    assert len(set(found)) == 1
    assert killed not in found


def test_a_file_that_kills_every_zygote_is_given_up(readers):
    with pytest.raises(ZygoteDied):
        readers.run("import os; os.kill(os.getppid(), 9)", b"")

    assert reads(readers)


def test_a_zygote_that_does_not_answer_is_replaced(readers, monkeypatch):
    monkeypatch.setattr("chalicelib.products.reader_process._GRACE", 0.2)
    stopped = zygote_of(readers)
    os.kill(stopped, signal.SIGSTOP)

    with pytest.raises(Unreadable, match=r"longer than 0\.2 s"):
        readers.run(ZYGOTE, b"", None, 0.2)

    assert not psutil.pid_exists(stopped)
    assert reads(readers)


def test_nothing_is_left_open_and_nobody_unburied_after_many_files(readers):
    def held():
        return [psutil.Process(pid).num_fds() for pid in (os.getpid(), zygote)]

    zygote = zygote_of(readers)
    mine, its = held()

    for _ in range(30):
        assert reads(readers)
        with pytest.raises(Unreadable):
            readers.run("import sys; sys.exit(3)", b"")
    for _ in range(2):
        with pytest.raises(Unreadable):
            readers.run(HANG, b"", None, 0.05)

    assert held()[0] < mine + 30  # other threads of this process open and close files, too
    assert held()[1] == its
    assert psutil.Process(zygote).children() == []


def test_it_ends_when_it_is_stopped_and_begins_again(readers):
    first = zygote_of(readers)

    readers.stop()

    assert not psutil.pid_exists(first)
    assert reads(readers)


STARTED = "from chalicelib.products.reader_process import Readers; readers = Readers('tests.support.any_reader');"


def test_it_ends_with_its_parent_however_that_ends():
    for ending in ("", "import os; os._exit(0)"):
        with running(f"{STARTED} print(int(readers.run({ZYGOTE!r}, b'')), flush=True); {ending}") as (_, (zygote,)):
            assert gone_within([zygote], 10)


def test_zygote_and_readers_end_when_their_parent_is_killed():
    hang = f"import os; os.write(1, b'%d %d' % (os.getppid(), os.getpid())); {HANG}"
    program = (
        f"{STARTED} from chalicelib.products.scratch import new_file; import threading, time; file = new_file();"
        f"threading.Thread(target=readers.run, args=({hang!r}, b'', file, 60)).start()\n"
        "while not len(file.whole()): time.sleep(0.01)\n"
        "print(file.whole().read().decode(), flush=True)"
    )
    with running(program) as (process, pids):
        assert len(alive(pids)) == 2
        process.kill()

        assert gone_within(pids, 10)


def test_a_process_that_was_forked_has_a_zygote_of_its_own():
    program = (
        f"{STARTED} import os; ask = lambda: int(readers.run({ZYGOTE!r}, b'')); first = ask(); out, into = os.pipe()\n"
        "if os.fork() == 0: os.write(into, b'%d' % ask()); os._exit(0)\n"
        "os.wait(); print(first, int(os.read(out, 100)), ask(), flush=True); import time; time.sleep(60)"
    )
    with running(program) as (process, (first, of_the_fork, again)):
        assert first == again
        assert first != of_the_fork
        assert gone_within([of_the_fork], 10)
        process.kill()
        assert gone_within([first], 10)
