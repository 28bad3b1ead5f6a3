import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.infra.kept.aws_process import KeptAws
from tests.infra.kept.aws_template import MODULE
from tests.infra.serve import ROOT
from tests.support.processes import gone_within

PARENT = """
import os, sys
import psutil
from infra.local.http.listening import listener
from tests.infra.kept.forked import Forked
sock = listener()
forked = Forked([sock.fileno()], [], dict(os.environ))
print(forked.pid, psutil.Process(forked.pid).ppid(), flush=True)
sys.stdin.read()
"""


def told(aws):
    """Return what an AWS makes up, whose process has begun anew."""
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName="queue")["QueueUrl"]
    key = aws.client("kms").create_key()["KeyMetadata"]["KeyId"]
    return {sqs.send_message(QueueUrl=url, MessageBody="x")["MessageId"], key}


def test_no_two_processes_make_up_the_same(tmp_path):
    with KeptAws(tmp_path / "a") as one, KeptAws(tmp_path / "b") as other:
        assert len(told(one) | told(other)) == 4


def test_a_process_has_its_own_environment_and_no_files_of_another(tmp_path):
    with KeptAws(tmp_path / "a", "box"), KeptAws(tmp_path / "b", "crate") as aws:
        process = psutil.Process(aws.process.pid)
        assert MODULE in process.parent().cmdline()
        assert all(Path(file.path).is_relative_to(tmp_path / "b") for file in process.open_files())
        listening = [each.laddr.port for each in process.net_connections("inet") if each.status == "LISTEN"]
        assert listening == [int(aws.url.rpartition(":")[2])]
        assert "crate-registry" in aws.client("dynamodb").list_tables()["TableNames"]


def test_a_killed_process_says_so_and_one_that_goes_on_is_not_waited_for(tmp_path):
    with KeptAws(tmp_path / "a") as aws:
        with pytest.raises(TimeoutError):
            aws.process.wait(timeout=0.1)
        aws.kill()
        assert aws.process.returncode == -signal.SIGKILL
        aws.start()
        aws.stop()
        assert aws.process.returncode == 0


def test_nothing_outlives_a_worker_that_is_killed():
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        parent.kill()
    assert len(set(pids)) == 2
    assert gone_within(pids, seconds=20)
