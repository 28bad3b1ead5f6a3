"""Answers the calls that are made all the time straight from moto's operations.

On its way through Flask a request is parsed five times and its answer written by the shape of everything in it, which
takes longer than the operation itself. What moto reads, checks, changes and refuses stays moto's; what is unusual takes
the long way.
"""

import functools
import io
import itertools
import json
import uuid
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionContext, ActionResult
from moto.core.serialize import get_serializer_class
from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.dynamodb.responses import DynamoHandler
from moto.secretsmanager.responses import SecretsManagerResponse
from moto.sqs.responses import SQSResponse
from werkzeug.exceptions import HTTPException

from chalicelib.json_bytes import as_base64, with_bytes
from infra.local.aws.account import ACCOUNT_ID, REGION

Environ = dict[str, Any]
WsgiApp = Callable[[Environ, Any], Iterable[bytes]]

_FAILED = 500
_written = json.JSONEncoder(default=as_base64, separators=(",", ":"), check_circular=False).encode
_process, _numbers = str(uuid.uuid4())[:24], itertools.count()


class Operation(NamedTuple):
    """One of moto's."""

    handler: type[Any]
    service: str
    name: str
    method: str


_READS = "GetItem Query Scan BatchGetItem TransactGetItems"
_WRITES = "PutItem UpdateItem DeleteItem BatchWriteItem TransactWriteItems"
_MESSAGES = "GetQueueUrl SendMessage SendMessageBatch ReceiveMessage DeleteMessage DeleteMessageBatch"
_OPERATIONS = {
    f"{prefix}.{name}": Operation(handler, service, name, camelcase_to_underscores(name))
    for prefix, handler, service, names in (
        ("DynamoDB_20120810", DynamoHandler, "dynamodb", f"{_READS} {_WRITES}"),
        ("AmazonSQS", SQSResponse, "sqs", _MESSAGES),
        ("secretsmanager", SecretsManagerResponse, "secretsmanager", "GetSecretValue"),
    )
    for name in names.split()
}


def straight(app: WsgiApp) -> WsgiApp:
    """Let an application be asked only for what is not answered here."""

    def serve(environ: Environ, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI
        operation = _OPERATIONS.get(environ.get("HTTP_X_AMZ_TARGET", ""))
        if operation is None or not _is_usual(environ, operation.service):
            return app(environ, start_response)
        content = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        if b'"BinaryValue"' in content:  # which moto reads by its shape
            return app({**environ, "wsgi.input": io.BytesIO(content)}, start_response)
        status, headers, answer = _answer(operation, content, environ["PATH_INFO"], environ["HTTP_HOST"])
        written = answer.encode() if isinstance(answer, str) else answer
        request_id = f"{_process}{next(_numbers):012x}"
        headers = {**headers, "x-amzn-RequestId": request_id, "Content-Length": str(len(written))}
        start_response(f"{status} {'OK' if status == 200 else 'Refused'}", list(headers.items()))  # noqa: PLR2004
        return [written]

    return serve


def _is_usual(environ: Environ, service: str) -> bool:
    return (
        f"/{REGION}/{service}/aws4_request" in environ.get("HTTP_AUTHORIZATION", "")
        and bool(environ.get("CONTENT_LENGTH"))
        and "HTTP_HOST" in environ
        and "HTTP_CONTENT_ENCODING" not in environ
        and "HTTP_X_MOTO_ACCOUNT_ID" not in environ
    )


def _answer(operation: Operation, content: bytes, path: str, host: str) -> tuple[int, dict[str, str], str | bytes]:
    handler = operation.handler()
    handler.params = handler.body = json.loads(content, object_hook=with_bytes if b'"B' in content else None)
    handler.current_account, handler.region, handler.uri_match = ACCOUNT_ID, REGION, {}
    handler.headers, handler.path, handler.uri, handler.querystring = {}, path, f"http://{host}{path}", {}
    if operation.service == "secretsmanager":  # of moto's older kind, too
        handler.body = content.decode()
    try:
        result = getattr(handler, operation.method)()
    except ServiceException as error:
        result = ActionResult(error)
    except HTTPException as error:  # DynamoDB's, of moto's older kind: it has its answer with it
        return error.code or _FAILED, dict(error.get_headers()), error.description or ""
    else:
        if operation.service == "dynamodb":
            return 200, {"Content-Type": "application/x-amz-json-1.0"}, _written(result.result)
        if isinstance(result, str):
            return 200, {"Content-Type": "application/x-amz-json-1.1"}, result
    status, headers, answer = result.execute_result(_context(operation, handler))
    return int(status), {key: str(value) for key, value in headers.items()}, answer or ""


def _context(operation: Operation, handler: Any) -> ActionContext:  # noqa: ANN401 - moto has no types
    return ActionContext(*_models(operation), handler)


@functools.cache
def _models(operation: Operation) -> tuple[Any, Any, Any]:
    model = get_service_model(operation.service)
    return model, model.operation_model(operation.name), get_serializer_class(operation.service, "json")
