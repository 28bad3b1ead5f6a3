"""Asks moto's operations in this process: what a site needs is there before anybody else can ask for it.

Over HTTP each of the services' clients has to be made first, and Flask to be set up, which takes twenty times as long.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from botocore.exceptions import ClientError
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.dynamodb.responses import DynamoHandler
from moto.kms.responses import KmsResponse
from moto.s3.models import s3_backends
from moto.secretsmanager.responses import SecretsManagerResponse
from moto.sqs.responses import SQSResponse
from werkzeug.exceptions import HTTPException

from infra.local.aws.account import ACCOUNT_ID, REGION

_HANDLERS: dict[str, type[Any]] = {
    "dynamodb": DynamoHandler,
    "kms": KmsResponse,
    "secretsmanager": SecretsManagerResponse,
    "sqs": SQSResponse,
}


def client(service: str) -> Any:  # noqa: ANN401 - as boto3's
    """Stand for boto3's client of a service, as far as `resources.py` needs one."""
    return _Buckets() if service == "s3" else _Operations(_HANDLERS[service])


class _Operations:
    """The operations of a service that takes JSON.

    Parameters
    ----------
    handler : type
        Moto's.
    """

    def __init__(self, handler: type[Any]) -> None:
        self._handler = handler

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._call, name)

    def _call(self, name: str, **arguments: Any) -> Any:  # noqa: ANN401 - as boto3's
        handler = self._handler()
        handler.current_account, handler.region = ACCOUNT_ID, REGION
        handler.headers, handler.querystring, handler.uri_match, handler.uri = {}, {}, {}, "/"
        handler.params = arguments
        handler.body = arguments if self._handler is DynamoHandler else json.dumps(arguments)
        try:
            answer = getattr(handler, name)()
        except (ServiceException, HTTPException) as error:
            raise _refused(error, name) from error
        return answer.result if isinstance(answer, ActionResult) else json.loads(answer)


class _Buckets:
    """The operations on buckets."""

    def __init__(self) -> None:
        self._backend = s3_backends[ACCOUNT_ID]["aws"]

    def head_bucket(self, Bucket: str) -> None:  # noqa: N803 - AWS's
        """Raise if there is no such bucket."""
        if Bucket not in self._backend.buckets:
            raise ClientError({"Error": {"Code": "404"}}, "HeadBucket")

    def create_bucket(self, Bucket: str) -> None:  # noqa: N803 - AWS's
        """Create a bucket."""
        self._backend.create_bucket(Bucket, REGION)


def _refused(error: Any, name: str) -> ClientError:  # noqa: ANN401 - moto's two kinds have nothing in common
    code = getattr(error, "error_type", None) or error.code
    return ClientError({"Error": {"Code": str(code).rpartition("#")[2], "Message": str(error)}}, name)
