"""Clients are made once for a process, and what they send and read is what botocore would have sent and read."""

import threading
from concurrent.futures import ThreadPoolExecutor

import boto3
import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.client import ClientCreator
from botocore.credentials import Credentials
from botocore.exceptions import ReadTimeoutError
from botocore.httpsession import URLLib3Session

from chalicelib import aws, clients, signatures, transactions
from chalicelib.accounts.items.user import User
from chalicelib.analyses.items.run import Run
from chalicelib.services.items.service import Service
from chalicelib.signatures import Signer
from chalicelib.sources.items.source import Source

THREADS = 16


@pytest.fixture
def made(stack, monkeypatch):
    """Names of the services whose clients are made."""
    names = []
    create = ClientCreator.create_client

    def counted(self, service_name, *arguments, **named):
        names.append(service_name)
        return create(self, service_name, *arguments, **named)

    monkeypatch.setattr(ClientCreator, "create_client", counted)
    clients.forget()
    return names


def in_threads(operation):
    barrier = threading.Barrier(THREADS)

    def together(number):
        barrier.wait()
        return operation(number)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(together, range(THREADS)))


def test_sixteen_threads_make_each_client_once(made):
    def work(number):
        aws.send("cleanup", {"kind": "nothing", "number": number})
        aws.s3().put_object(Bucket=aws.settings().bucket, Key=f"{number}", Body=b"")
        assert [User.of_id(number), Run.find(number), Service.of_id(number)] == [None] * 3
        assert list(Source.query(f"nothing {number}")) == []
        transactions.read_all([(Run, number, "run")])

    in_threads(work)
    assert sorted(made) == ["dynamodb", "s3", "sqs"]


def test_sixteen_threads_get_the_same_client(made):
    assert len({id(one) for one in in_threads(lambda _: clients.client("kms"))}) == 1
    assert made == ["kms"]


def test_what_every_process_uses_is_made_before_the_first_request(made):
    clients.prepare()
    prepared = len(made)
    aws.send("cleanup", {})
    assert Run.find(1) is None
    assert len(made) == prepared == 3


@pytest.mark.parametrize("token", [None, "session"])
@pytest.mark.parametrize("url", ["https://dynamodb.eu-west-1.amazonaws.com/", "http://127.0.0.1:4567/"])
def test_a_signature_is_botocores(monkeypatch, url, token):
    credentials = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token)
    headers = {"X-Amz-Target": "DynamoDB_20120810.GetItem", "Content-Type": "application/x-amz-json-1.0"}
    body = '{"Key": "µ"}'.encode()
    moment = signatures.time.gmtime(1_767_139_200)
    monkeypatch.setattr(signatures.time, "gmtime", lambda: moment)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: _At(moment))
    signed = Signer(credentials, "eu-west-1", "dynamodb").headers(url, {**headers, "User-Agent": "any"}, body)

    theirs = AWSRequest("POST", url, headers, body)
    botocore.auth.SigV4Auth(credentials, "dynamodb", "eu-west-1").add_auth(theirs)
    assert {**headers, **signed} == dict(theirs.headers.items())


class _At:
    def __init__(self, moment):
        self._moment = moment

    def strftime(self, pattern):
        return signatures.time.strftime(pattern, self._moment)


def test_values_come_back_as_botocore_gives_them(stack):
    table = Run.Meta.table_name
    item = {
        "analysis_id": {"N": "17"},
        "sk": {"S": "any"},
        "bytes": {"B": bytes(range(256))},
        "set": {"BS": [b"\xff", b"\x00"]},
        "B": {"S": "a name"},
        "map": {"M": {"B": {"B": b"\x80"}, "BS": {"L": [{"BS": [b"x"]}, {"NULL": True}, {"BOOL": False}]}}},
        "text": {"S": 'half of "B": é \U0001f52d'},
    }
    Run._get_connection().connection.client._make_api_call("PutItem", {"TableName": table, "Item": item})
    key = {"TableName": table, "Key": {name: item[name] for name in ("analysis_id", "sk")}}
    ours = clients.client("dynamodb")._make_api_call("GetItem", key)["Item"]
    theirs = boto3.client("dynamodb").get_item(**key)["Item"]
    for found in (ours, theirs):
        assert sorted(found["set"].pop("BS")) == [b"\x00", b"\xff"]
    del item["set"]["BS"]
    assert ours == theirs == item


def test_a_transaction_that_is_sent_again_is_the_same_one(stack, monkeypatch):
    tokens, send = [], URLLib3Session.send

    def lose_the_first(session, request):
        if b"ClientRequestToken" in (request.body or b""):
            tokens.append(request.body.partition(b'"ClientRequestToken":"')[2][:36])
            if len(tokens) == 1:
                raise ReadTimeoutError(endpoint_url=request.url)
        return send(session, request)

    monkeypatch.setattr(URLLib3Session, "send", lose_the_first)
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.0)
    transactions.write(lambda writing: writing.save(User(pk="user", sk="999", username="x")))
    assert len(tokens) == 2
    assert len(set(tokens)) == 1


def test_an_object_is_stored_in_one_round_trip(stack, monkeypatch):
    sent, send = [], URLLib3Session.send

    def watched(session, request):
        sent.append(request.headers)
        return send(session, request)

    monkeypatch.setattr(URLLib3Session, "send", watched)
    aws.s3().put_object(Bucket=aws.settings().bucket, Key="key", Body=b"x" * 2_000_000)
    [headers] = sent
    assert "Expect" not in headers


def test_a_refusal_names_code_and_message(stack):
    client = clients.client("dynamodb")
    with pytest.raises(client.exceptions.ResourceNotFoundException) as raised:
        client._make_api_call("GetItem", {"TableName": "none", "Key": {"a": {"S": "b"}}})
    assert raised.value.response["Error"]["Code"] == "ResourceNotFoundException"
    with pytest.raises(aws.sqs().exceptions.QueueDoesNotExist) as raised:
        aws.sqs().send_message(QueueUrl=f"{client.meta.endpoint_url}/123456789012/none", MessageBody="x")
    assert raised.value.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"
