"""What must not be read anywhere: tokens of the relay and of the portal, and what the portal's users trust it with."""

import json

from tests.relay.relayed import Relayed
from tests.support.log_lines import logged
from tests.support.storage import stored_objects, stored_text
from tests.support.worker import drain, relay, take


def test_no_secret_is_stored_logged_sent_or_answered(scene, portal, clock):
    portal.is_down = True
    with logged() as lines:
        relayed = Relayed(scene, portal, clock, pull={"url": portal.url, "token": portal.api_token})
        row = portal.record("ZTF26a")
        key = "sk-of-somebody-at-the-portal"
        run_id = relayed.ask(row, inputs={"analysis_parameters": {"openai_api_key": key}})
        messages = take("dispatch")
        drain()
        scene.admin.post(f"/api/obj/analysis/{run_id}/retry")
        scene.admin.post(f"/api/obj/analysis/{run_id}/cancel")
        messages += take("relay")
        relayed.forward()
        relay()
    secrets = (relayed.made["token"], row.token, portal.api_token, key)
    path = f"/api/obj/analysis/{run_id}"
    answers = [
        scene.admin.get(path + part).body.decode() for part in ("", "/relay", "/timeline", "/inputs", "/attempts")
    ]
    answers += [scene.admin.get(each).body.decode() for each in ("/api/relay", "/api/analysis_runs")]
    for place in (stored_text(), stored_objects(), json.dumps(lines), json.dumps(messages), *answers):
        assert [secret for secret in secrets if secret in place] == []
