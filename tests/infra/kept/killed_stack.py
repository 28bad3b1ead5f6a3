"""Runs go through the whole stack while all of its processes are killed at once, again and again.

A ledger outside of it knows the keys of the starts that were asked for, and the results that were accepted.
"""

import base64
import random
import signal
import stat
import struct
import threading
import time
import uuid
import zlib
from concurrent.futures import ThreadPoolExecutor

import psutil
import requests

from infra.local.http.listening import free_port
from tests.infra.serve import Serve
from tests.support.processes import gone_within
from tests.support.service import Reaction, StubService

CLIENTS = 8
REPEAT_SECONDS = 75
"""Within which a start is answered whose first answer was lost."""
OBJECTS = [f"KILLED{number}" for number in range(5)]
"""More than one, for one object has at most so many analyses."""
STOP_SECONDS = 10
END_SECONDS = 180
"""Within which every run has ended after a start of the stack."""


class KilledStack:
    """A stack in a folder, and its ledger."""

    def __init__(self, folder):
        self._folder, self._port = folder, free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.started: dict[int, int] = {}
        """Ids of the runs by their number."""
        self.accepted: dict[int, int] = {}
        """How many results of a run were answered with 200."""
        self._stacks = []
        self.start()
        self._token = (folder / "data" / "admin-token").read_text().strip()

    def start(self):
        log = self._folder / f"log-{len(self._stacks)}"
        stack = Serve(log, "--port", str(self._port), "--data", str(self._folder / "data"))
        self._stacks.append(stack)
        stack.wait_until_ready()

    def kill(self):
        """End every process at once."""
        stack = self._stacks[-1]
        processes = [stack.process.pid, *stack.descendants()]
        for pid in processes:
            try:
                psutil.Process(pid).send_signal(signal.SIGKILL)
            except psutil.NoSuchProcess:
                continue
        stack.end()
        assert gone_within(processes, 10)

    def stop(self):
        """End it as a service manager does: in time, with nothing left over, and with nothing to complain about."""
        stack = self._stacks[-1]
        processes, began = stack.descendants(), time.monotonic()
        stack.process.terminate()
        assert stack.process.wait(timeout=STOP_SECONDS) == 0
        assert gone_within(processes, STOP_SECONDS - (time.monotonic() - began))
        assert stack.process.stderr.read() == ""
        stack.end()

    def end(self):
        self._stacks[-1].end()

    def call(self, method, path, **arguments):
        headers = {"Authorization": f"token {self._token}"} | arguments.pop("headers", {})
        return requests.request(method, self.url + path, headers=headers, timeout=60, **arguments)

    def data(self, method, path, **arguments):
        answer = self.call(method, path, **arguments)
        assert answer.ok, answer.text
        return answer.json()["data"]

    def prepare(self, url):
        group = self.data("POST", "/api/groups", json={"name": "kill"})["id"]
        for name in OBJECTS:
            self.data("POST", "/api/sources", json={"id": name, "ra": 202.5, "dec": 13.4, "group_ids": [group]})
        service = {
            "name": "kill",
            "url": url,
            "authentication_type": "none",
            "analysis_type": "lightcurve_fitting",
            "input_data_types": ["redshift"],
            "optional_analysis_parameters": {"number": {"type": "number"}},
            "timeout": 600,
            "group_ids": [group],
        }
        self._service = self.data("POST", "/api/analysis_service", json=service)["id"]

    def ask_for(self, number):
        """Start a run, as often as it takes to get an answer."""
        key, deadline = str(uuid.uuid4()), time.monotonic() + REPEAT_SECONDS
        while True:
            try:
                answer = self.call(
                    "POST",
                    f"/api/obj/{OBJECTS[number % len(OBJECTS)]}/analysis/{self._service}",
                    json={"analysis_parameters": {"number": number}},
                    headers={"Idempotency-Key": key},
                )
            except requests.RequestException:
                deadline = time.monotonic() + REPEAT_SECONDS  # the stack is not there
            else:
                if answer.ok:
                    self.started[number] = answer.json()["data"]["id"]
                    return
                assert answer.status_code in {409, 500, 503, 504}, answer.text
            assert time.monotonic() < deadline, f"run {number} cannot be started"
            time.sleep(0.3)

    def react(self, received):
        """Take a run, and post its result until somebody takes that."""
        number = received.document["inputs"]["analysis_parameters"]["number"]
        threading.Thread(target=self._post, args=(number, received.document["callback_url"]), daemon=True).start()
        return Reaction()

    def _post(self, number, url):
        plot = {"format": "png", "data": base64.b64encode(png(number)).decode()}
        result = {
            "status": "success",
            "message": f"run {number}",
            "analysis": {"results": {"n": number}, "plots": [plot]},
        }
        while True:
            try:
                answer = requests.post(url, json=result, timeout=30)
            except requests.RequestException:
                time.sleep(0.3)
                continue
            if answer.ok:
                self.accepted[number] = self.accepted.get(number, 0) + 1
            if answer.status_code < 500:
                return
            time.sleep(0.3)

    def ended(self):
        """Wait until all runs have ended, and return them by their number."""
        deadline = time.monotonic() + END_SECONDS
        while True:
            runs = [run for name in OBJECTS for run in self.data("GET", f"/api/obj/{name}/analysis")]
            if not any(run["status"] in {"queued", "pending"} for run in runs):
                return {run["analysis_parameters"]["number"]: run for run in runs}, len(runs)
            assert time.monotonic() < deadline, [run for run in runs if run["status"] in {"queued", "pending"}]
            time.sleep(1)


def kill_everything_under_load(folder, rounds, runs):
    """Kill a stack so many times, and stop it once, while so many runs are started; account for every run."""
    randomness = random.Random()
    with StubService() as service:
        stack = KilledStack(folder)
        service.react = stack.react
        try:
            stack.prepare(service.url)
            with ThreadPoolExecutor(CLIENTS) as threads:
                for one in range(rounds + 1):
                    asked = [threads.submit(stack.ask_for, one * runs + number) for number in range(runs)]
                    time.sleep(randomness.uniform(0.2, 2.5))
                    stack.kill() if one < rounds else stack.stop()
                    stack.start()
                    for each in asked:
                        each.result()
            found, count = stack.ended()
            assert [
                line for log in folder.glob("log-*") for line in log.read_text().splitlines() if "Traceback" in line
            ] == []
            _account(stack, found, count, (rounds + 1) * runs)
            everything = [folder / "data", *(folder / "data").rglob("*")]
            assert {stat.S_IMODE(path.stat().st_mode) for path in everything} == {0o700, 0o600}
        finally:
            stack.end()


def _account(stack, found, count, asked):
    assert count == asked == len(found), "a run is lost or there twice"
    assert {number: run["id"] for number, run in found.items()} == stack.started
    assert {run["status"] for run in found.values()} == {"completed"}
    assert set(stack.accepted.values()) <= {1}
    for number, run in found.items():
        assert run["status_message"] == f"run {number}"
        plot = stack.call("GET", f"/api/obj/analysis/{run['id']}/plots/0")
        assert plot.content == png(number)


def png(number):
    """Draw a picture of one pixel that no other run has."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\x00" + bytes((number // 256, number % 256, 7)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")
