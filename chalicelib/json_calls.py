"""Calls of DynamoDB, SQS and Secrets Manager without botocore's detours, which take four times as long as all else.

botocore's `_make_api_call` stays, with its errors and retries: what is not answered with success is read in its way. On
the straight way parameters are JSON as they are, with base64 for bytes; endpoint, User-Agent and the key of a day's
signatures are made once; a success is taken as it stands, with bytes where DynamoDB has them.
"""

import json
import uuid
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.model import OperationModel

from chalicelib.json_bytes import as_base64, with_bytes
from chalicelib.lean_endpoint import Request, straight

_TRANSACTION = "TransactWriteItems"
_written = json.JSONEncoder(default=as_base64, separators=(",", ":")).encode


class JsonCalls:
    """A base for clients of services that speak JSON, before botocore's own."""

    meta: Any
    _service_model: Any
    _user_agent_creator: Any

    def _emit_api_params(self, api_params: Request, operation_model: OperationModel, **_: object) -> Request:
        """Add what makes a transaction that is sent again the same one."""
        if operation_model.name == _TRANSACTION and "ClientRequestToken" not in api_params:
            return {**api_params, "ClientRequestToken": str(uuid.uuid4())}
        return api_params

    def _resolve_endpoint_ruleset(self, *_: object, **__: object) -> tuple[str, dict[str, str], dict[str, Any]]:
        """Return where every call of this client goes."""
        return self.meta.endpoint_url, {}, {}

    def _convert_to_request_dict(
        self,
        api_params: Request,
        operation_model: OperationModel,
        endpoint_url: str,
        context: Request,
        headers: dict[str, str],
        **_: object,
    ) -> Request:
        metadata = operation_model.metadata
        request = {
            "method": "POST",
            "url_path": "/",
            "query_string": "",
            "url": f"{endpoint_url.rstrip('/')}/",
            "headers": {
                "X-Amz-Target": f"{metadata['targetPrefix']}.{operation_model.name}",
                "Content-Type": f"application/x-amz-json-{metadata['jsonVersion']}",
                "User-Agent": self._user_agent_creator.to_string(),
                **({"x-amzn-query-mode": "true"} if "awsQueryCompatible" in metadata else {}),
                **headers,
            },
            "body": _written(api_params).encode(),
            "context": context,
        }
        return straight(request, _success)


def _success(answer: AWSResponse) -> Any:  # noqa: ANN401 - JSON
    """Return the content of an answer, with bytes where an attribute of DynamoDB has them."""
    content = answer.content
    has_bytes = b'"B"' in content or b'"BS"' in content
    parsed = json.loads(content.decode(), object_hook=with_bytes if has_bytes else None) if content else {}
    parsed["ResponseMetadata"] = {
        "HTTPStatusCode": answer.status_code,
        "RequestId": answer.headers.get("x-amzn-requestid", ""),
    }
    return parsed
