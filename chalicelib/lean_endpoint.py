"""Sending a call without botocore's detours: if its client says so, and how its success is read."""

from collections.abc import Callable
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.endpoint import Endpoint, convert_to_response_dict
from botocore.exceptions import HTTPClientError
from botocore.model import OperationModel

from chalicelib.signatures import Signer

_OK = 200
_STRAIGHT = "siderostat_straight"
_BODIES = {"POST", "PUT"}

Request = dict[str, Any]
Read = Callable[[AWSResponse], Request]
_Endpoint: Any = Endpoint


def straight(request: Request, read: Read) -> Request:
    """Let a request go straight; `read` returns what its success says."""
    request["context"][_STRAIGHT] = read
    return request


class LeanEndpoint(_Endpoint):  # type: ignore[misc]  # its types leave out what is overridden here
    """Signs and sends the first attempt of a request that goes straight, and reads its success, directly."""

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

    def _update_retries_context(self, context: Request, attempt: int, success_response: Any = None) -> None:  # noqa: ANN401
        if attempt == 1 and _STRAIGHT in context:  # what names a call that is made again can wait until it is
            context.setdefault("retries", {})["attempt"] = attempt
        else:
            super()._update_retries_context(context, attempt, success_response)

    def create_request(self, params: Request, operation_model: OperationModel | None = None) -> Any:  # noqa: ANN401
        """Return a signed request; one that is sent again takes botocore's way."""
        context = params["context"]
        if operation_model is None or _STRAIGHT not in context or context["retries"]["attempt"] > 1:
            return super().create_request(params, operation_model)
        method, url, body, headers = params["method"], params["url"], params["body"], dict(params["headers"])
        if method in _BODIES:
            headers["Content-Length"] = str(len(body))
        headers |= self.signer.headers(url, headers, body, method)
        prepared: Any = AWSPreparedRequest  # a plain dict will do: nobody looks for a header in another case
        return prepared(method, url, headers, body, stream_output=operation_model.has_streaming_output)

    def _get_response(self, request: Any, operation_model: OperationModel, context: Request) -> Any:  # noqa: ANN401
        read: Read | None = context.get(_STRAIGHT)
        if read is None:
            return super()._get_response(request, operation_model, context)
        try:
            answer: AWSResponse = self._send(request)
        except HTTPClientError as error:
            return None, error
        if answer.status_code == _OK:
            return (answer, read(answer)), None
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
        if response is not None and response[0].status_code == _OK and _STRAIGHT in request_dict["context"]:
            return False
        again: bool = super()._needs_retry(attempts, operation_model, request_dict, response, caught_exception)
        return again
