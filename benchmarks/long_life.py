"""Whether an AWS that keeps everything in a folder keeps its memory: `python -m benchmarks.long_life --runs 50000`.

It makes the calls of the way of an analysis, from start to products, with as many items, objects and messages, by bare
HTTP, so that the AWS and not its clients is what takes the time.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil

from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.kept import folder
from infra.local.http.listening import listener
from infra.local.processes.lifeline import GO

_CLIENTS = 8
_WARM = 1_000
_SAY_EVERY = 2_000
_TABLE, _BUCKET, _QUEUES = "analyses", "bucket", ("dispatch", "collect")
_MB = 1e6


class Calls:
    """Calls an AWS without botocore; each thread has a connection.

    Parameters
    ----------
    port : int
        Of the AWS, on this machine.
    """

    def __init__(self, port: int) -> None:
        self._port, self._local, self._numbers = port, threading.local(), itertools.count(1)
        self._connections: list[HTTPConnection] = []

    def close(self) -> None:
        """Close all connections, when nothing is being called."""
        while self._connections:
            self._connections.pop().close()

    def prepare(self) -> None:
        """Make a table with an index, a bucket and the queues."""
        keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
        due = {
            "IndexName": "by_due", "KeySchema": [{"AttributeName": "due", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }  # fmt: skip
        named = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "due")]
        table = {"TableName": _TABLE, "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": named}
        self._dynamodb("CreateTable", **table, KeySchema=keys, GlobalSecondaryIndexes=[due])
        self._http("PUT", f"/{_BUCKET}", b"", self._signed("s3"))
        for queue in _QUEUES:
            self._sqs("CreateQueue", QueueName=queue)

    def run(self, _: int = 0) -> None:
        """Make the calls of one run."""
        pk = f"run-{os.getpid()}-{next(self._numbers):08d}"
        key = {"pk": {"S": pk}, "sk": {"S": "run"}}
        run = {**key, "due": {"S": "soon"}, "text": {"S": "x" * 700}}
        seen = {"pk": {"S": pk}, "sk": {"S": "seen#1"}}
        self._transact([{"Put": {"TableName": _TABLE, "Item": one}} for one in (run, seen)])
        self._passed_on("dispatch", pk)
        self._change(key, "SET lease = :v")
        self._put(f"inputs/{pk}", 900)
        self._change(key, "SET taken = :v")
        self._put(f"incoming/{pk}", 1500)
        commit = {"TableName": _TABLE, "Key": key, **_expression("SET receipt = :v REMOVE due")}
        count = {"TableName": _TABLE, "Key": {**key, "sk": {"S": "count"}}, **_expression("ADD n :v", "N")}
        self._transact([{"Update": commit}, {"Update": count}])
        self._passed_on("collect", pk)
        for product in ("document", "results"):
            self._put(f"products/{pk}/{product}", 1200)
        self._change(key, "SET collected = :v")

    def _passed_on(self, queue: str, body: str) -> None:
        """Send a message, and receive and delete one."""
        url = f"http://127.0.0.1:{self._port}/{ACCOUNT_ID}/{queue}"
        self._sqs("SendMessage", QueueUrl=url, MessageBody=body)
        for message in self._sqs("ReceiveMessage", QueueUrl=url, VisibilityTimeout=360).get("Messages", []):
            self._sqs("DeleteMessage", QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def _change(self, key: dict[str, Any], expression: str) -> None:
        self._dynamodb("UpdateItem", TableName=_TABLE, Key=key, **_expression(expression))

    def _transact(self, items: list[dict[str, Any]]) -> None:
        self._dynamodb("TransactWriteItems", TransactItems=items)

    def _put(self, key: str, size: int) -> None:
        self._http("PUT", f"/{_BUCKET}/{key}", b"x" * size, self._signed("s3"))

    def _dynamodb(self, operation: str, **wanted: Any) -> Any:  # noqa: ANN401 - JSON
        return self._json("dynamodb", f"DynamoDB_20120810.{operation}", wanted)

    def _sqs(self, operation: str, **wanted: Any) -> Any:  # noqa: ANN401 - JSON
        return self._json("sqs", f"AmazonSQS.{operation}", wanted)

    def _json(self, service: str, target: str, wanted: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        headers = {**self._signed(service), "X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.0"}
        return json.loads(self._http("POST", "/", json.dumps(wanted).encode(), headers) or b"{}")

    def _signed(self, service: str) -> dict[str, str]:
        scope = f"Credential=local/20260101/{REGION}/{service}/aws4_request"
        return {"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"}

    def _http(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        if not hasattr(self._local, "connection"):
            self._local.connection = HTTPConnection("127.0.0.1", self._port, timeout=120)
            self._connections.append(self._local.connection)
        self._local.connection.request(method, path, body, headers)
        answer = self._local.connection.getresponse()
        content: bytes = answer.read()
        if answer.status >= 300:  # noqa: PLR2004 - a success
            raise RuntimeError(f"{method} {headers.get('X-Amz-Target', path)}: {answer.status} {content[:300]!r}")
        return content


def _expression(text: str, kind: str = "S") -> dict[str, Any]:
    return {"UpdateExpression": text, "ExpressionAttributeValues": {":v": {kind: "1"}}}


@contextmanager
def served(data: Path) -> Iterator[tuple[psutil.Process, Calls]]:
    """Serve an AWS in a new folder; yield its process and what calls it."""
    sock, taken = listener(), folder.take(data)
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "infra.local.aws.run_aws", str(sock.fileno()), str(taken.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=(sock.fileno(), taken.lock),
        env={**os.environ, "MALLOC_ARENA_MAX": "2"},  # as the stack does
    )
    try:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the embedded AWS cannot be reached")
        process.stdin.write(f"{GO}\n".encode())
        process.stdin.flush()
        process.stdout.readline()
        calls = Calls(sock.getsockname()[1])
        calls.prepare()
        yield psutil.Process(process.pid), calls
        calls.close()
    finally:
        process.communicate()
        sock.close()
        os.close(taken.lock)


def live(process: psutil.Process, calls: Calls, runs: int) -> float:
    """Make the calls of so many runs, and return what the process takes then, in MB."""
    with ThreadPoolExecutor(_CLIENTS) as threads:
        for _ in threads.map(calls.run, range(runs)):
            pass
    calls.close()
    return float(process.memory_info().rss) / _MB


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=50_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, served(Path(scratch) / "data") as (process, calls):
        began, first = time.monotonic(), live(process, calls, _WARM)
        print(f"{_WARM} runs  {first:.0f} MB", flush=True)
        done = 0
        while done < wanted.runs:
            some = min(_SAY_EVERY, wanted.runs - done)
            now, done = live(process, calls, some), done + some
            print(
                f"{done} more runs  {now:.0f} MB, {now - first:+.0f} MB, {time.monotonic() - began:.0f} s", flush=True
            )


if __name__ == "__main__":
    main()
