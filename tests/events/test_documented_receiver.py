"""The receiver in docs/events.md, run as it stands there."""

import os
import re
import select
import subprocess
import sys
from pathlib import Path

from infra.local.http.listening import free_port
from tests.events.receiver import ALL, PATH
from tests.support.worker import drain, tell

PAGE = Path(__file__).parents[2] / "docs" / "events.md"


def test_it_takes_what_is_signed_once_and_refuses_what_is_not(scene):
    import requests

    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    port = free_port()
    url = f"http://127.0.0.1:{port}/siderostat"
    made = scene.user.post(PATH, {"url": url, "events": ALL}).data
    environment = {**os.environ, "SECRET": made["secret"], "PORT": str(port)}
    running = subprocess.Popen(
        [sys.executable, "-u", "-c", code],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with running:
        try:
            _wait_for(url)
            run = scene.start()
            drain()
            scene.answer(scene.service.received[0].token)
            tell()
            path = f"{PATH}/{made['id']}/deliveries"
            (delivery,) = scene.user.get(path).data
            assert [attempt["http_status"] for attempt in delivery["attempts"]] == [204]
            scene.user.post(f"{path}/{delivery['number']}/redeliver")
            tell()
            assert [one["http_status"] for one in scene.user.get(path).data[0]["attempts"]] == [204, 204]
            headers = {"webhook-id": "x", "webhook-timestamp": "1", "webhook-signature": "v1,abc"}
            assert requests.post(url, data=b"{}", headers=headers, timeout=5).status_code == 401
            line = running.stdout.readline()
            assert line.startswith("analysis.completed")
            assert str(run) in line
            assert select.select([running.stdout], [], [], 0.2)[0] == []
        finally:
            running.terminate()


def _wait_for(url):
    import time

    import requests

    for _ in range(100):
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the receiver does not answer")
