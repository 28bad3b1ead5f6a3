"""Calls of DynamoDB and SQS without botocore's detours, which take four times as long as all else that a call needs.

botocore's `_make_api_call` stays, with its errors and retries: what is not answered with success is read in its way. On
the straight way parameters are JSON as they are, with base64 for bytes; endpoint, User-Agent and the key of a day's
signatures are made once; a success is taken as it stands, with bytes where DynamoDB has them.
"""

import json
import uuid
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HeadersDict
from botocore.endpoint import Endpoint, convert_to_response_dict
from botocore.exceptions import HTTPClientError
from botocore.model import OperationModel

from chalicelib.json_bytes import as_base64, with_bytes
from chalicelib.signatures import Signer

_OK = 200
_TRANSACTION = "TransactWriteItems"

Request = dict[str, Any]
_Endpoint: Any = Endpoint


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
        return {
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
            "body": json.dumps(api_params, default=as_base64, separators=(",", ":")).encode(),
            "context": context,
        }


class LeanEndpoint(_Endpoint):  # type: ignore[misc]  # its types leave out what is overridden here
    """Signs and sends a first attempt, and reads a success, directly."""

    signer: Signer

    @classmethod
    def take_over(cls, client: Any) -> None:  # noqa: ANN401 - botocore makes its classes at run time
        """Let a client send through such an endpoint instead of botocore's."""
        old = client._endpoint  # noqa: SLF001 - botocore offers no other place
        new = cls.__new__(cls)
        new.__dict__.update(old.__dict__)
        signer = client._request_signer  # noqa: SLF001 - same
        new.signer = Signer(signer._credentials, signer.region_name, signer.signing_name)  # noqa: SLF001 - same
        client._endpoint = new  # noqa: SLF001 - same

    def create_request(self, params: Request, operation_model: OperationModel | None = None) -> Any:  # noqa: ANN401
        """Return a signed request; one that is sent again takes botocore's way."""
        if operation_model is None or params["context"]["retries"]["attempt"] > 1:
            return super().create_request(params, operation_model)
        body = params["body"]
        headers = {**params["headers"], "Content-Length": str(len(body))}
        headers |= self.signer.headers(params["url"], headers, body)
        prepared: Any = AWSPreparedRequest
        return prepared("POST", params["url"], HeadersDict(headers), body, stream_output=False)

    def _get_response(self, request: Any, operation_model: OperationModel, context: Request) -> Any:  # noqa: ANN401, ARG002
        try:
            answer: AWSResponse = self._send(request)
        except HTTPClientError as error:
            return None, error
        if answer.status_code == _OK:
            return (answer, _success(answer)), None
        return (answer, self._failure(answer, operation_model)), None

    def _failure(self, answer: AWSResponse, operation_model: OperationModel) -> Any:  # noqa: ANN401 - botocore's
        """Read what is no success as botocore does."""
        response = convert_to_response_dict(answer, operation_model)
        parser = self._response_parser_factory.create_parser(operation_model.service_model.resolved_protocol)
        parsed = parser.parse(response, operation_model.output_shape)
        self._add_modeled_error_fields(response, parsed, operation_model, parser)
        return parsed

    def _needs_retry(
        self,
        attempts: int,
        operation_model: OperationModel,
        request_dict: Request,
        response: Any = None,  # noqa: ANN401 - botocore's
        caught_exception: Exception | None = None,
    ) -> bool:
        if response is not None and response[0].status_code == _OK:
            return False
        again: bool = super()._needs_retry(attempts, operation_model, request_dict, response, caught_exception)
        return again


def _success(answer: AWSResponse) -> Any:  # noqa: ANN401 - JSON
    """Return the content of an answer, with bytes where an attribute of DynamoDB has them."""
    content = answer.content
    has_bytes = b'"B"' in content or b'"BS"' in content
    parsed = json.loads(content, object_hook=with_bytes if has_bytes else None) if content else {}
    parsed["ResponseMetadata"] = {
        "HTTPStatusCode": answer.status_code,
        "RequestId": answer.headers.get("x-amzn-requestid", ""),
    }
    return parsed
