"""The Lambda function behind a function URL, with Lambda itself played by the test."""

import json
from pathlib import Path

import pytest

DRIVER = """
import base64, json, sys
from types import SimpleNamespace
import boto3
sys.path.insert(0, sys.argv[1])
import obedient

events = []
invoke = lambda **call: events.append(call)
boto3.client = lambda name: SimpleNamespace(invoke=invoke)
context = SimpleNamespace(invoked_function_arn="arn:fade", get_remaining_time_in_millis=lambda: 60_000)
for event in json.load(sys.stdin):
    print(json.dumps(obedient.obedient.lambda_handler(event, context)))
for call in events:
    assert (call["FunctionName"], call["InvocationType"]) == ("arn:fade", "Event")
    print(json.dumps(obedient.obedient.lambda_handler(json.loads(call["Payload"]), context)))
"""


@pytest.fixture
def invoke(run):
    def send(*events):
        out = run("-c", DRIVER, Path(__file__).parent, input=json.dumps(events))
        return [json.loads(line) for line in out.splitlines()]

    return send


def request(method, body=""):
    return {"requestContext": {"http": {"method": method}}, "headers": {}, "body": body, "isBase64Encoded": False}


def test_a_run_is_answered_at_once_and_done_by_an_invocation_of_its_own(invoke, document, callbacks):
    active, taken, refused, done = invoke(
        request("GET"), request("POST", json.dumps(document())), request("POST", "{}")
    )
    assert (active["statusCode"], json.loads(active["body"])["status"]) == (200, "active")
    assert taken["statusCode"] == 200
    assert refused["statusCode"] == 400
    assert done == {"delivered": True}
    assert callbacks.wait()["analysis"]["results"]["data"] == {"points": 4}
