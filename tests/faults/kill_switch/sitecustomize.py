"""Lies first on the path of the local stack's processes: ends one of them by SIGKILL at the step that a test names.

A folder, named by KILL_SWITCH, ties it to the test. `watched` there holds the name of the object whose analysis is
followed; `armed` the step at which the process that takes it is to die; `steps-<object>` gets a line for each step that
was taken.
"""

import json
import os
import signal
import sys
from pathlib import Path

PASSED_OVER = (
    "BatchWriteItem",  # the source was saved: the trigger of that looks for analyses on it
    *("BatchGetItem", "DescribeTable", "GetItem", "Query", "TransactGetItems"),
    *("GetObject", "HeadObject", "ListObjectsV2", "GetQueueUrl", "ReceiveMessage", "GetSecretValue"),
)


class KillSwitch:
    """Stands between a process and the world.

    Parameters
    ----------
    folder : Path
        Shared with the test.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def pass_on(self, operation, content, take):
        process = _process()
        if process is None or operation in PASSED_OVER or not self._is_about_the_watched(operation, content):
            return take()
        step, steps = f"{process} {operation}", f"steps-{self._read('watched')}"
        moment = f"{step} {self._read(steps).splitlines().count(step)}"
        self._die_if_armed(f"before {moment}")
        answer = take()
        with (self._folder / steps).open("a") as lines:
            lines.write(step + "\n")
        self._die_if_armed(f"after {moment}")
        return answer

    def _is_about_the_watched(self, operation, content):
        obj_id = self._read("watched")
        if not obj_id:
            return False
        if operation == "TransactWriteItems" and obj_id in str(content):
            for item in content["TransactItems"]:
                made = item.get("Put", {}).get("Item", {})
                if made.get("sk") == {"S": "run"}:
                    (self._folder / obj_id).write_text(made["analysis_id"]["N"])
        run_id = self._read(obj_id)
        if operation == "POST":
            return run_id and str(_run_of(content)) == run_id
        return obj_id in str(content) or (run_id and run_id in str(content))

    def _die_if_armed(self, moment):
        if self._read("armed") == moment:
            (self._folder / "armed").unlink()
            os.kill(os.getpid(), signal.SIGKILL)

    def _read(self, name):
        try:
            return (self._folder / name).read_text()
        except FileNotFoundError:
            return ""


def _run_of(body):
    from chalicelib.analyses.run.webhook_token import run_of

    return run_of(json.loads(body)["callback_url"].rpartition("/")[2])


def _install(switch):
    import requests
    from botocore.client import BaseClient

    call, send = BaseClient._make_api_call, requests.Session.send

    def watched_call(client, operation, parameters):
        return switch.pass_on(operation, parameters, lambda: call(client, operation, parameters))

    def watched_send(session, request, **options):
        return switch.pass_on("POST", request.body, lambda: send(session, request, **options))

    BaseClient._make_api_call, requests.Session.send = watched_call, watched_send


_PROCESSES = {"run_api": "API", "run_worker": "worker"}
"""By the module that they run, what processes are called in `steps` and `armed`; the others are not watched."""


def _process():
    """Return what this process is called, whether it was executed or forked from one that had installed the switch."""
    words = Path("/proc/self/cmdline").read_text().split("\0")
    modules = (word.rpartition(".")[2] for word in words)
    return next((_PROCESSES[module] for module in modules if module in _PROCESSES), None)


if "KILL_SWITCH" in os.environ and any(word.startswith("infra.local") for word in sys.orig_argv):
    _install(KillSwitch(Path(os.environ["KILL_SWITCH"])))
