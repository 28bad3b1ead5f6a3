"""Whole objects put to S3 and got from it without botocore's detours, which take longer than all else of such a call.

As in json_calls.py botocore's `_make_api_call` stays, with its errors and retries. Where a bucket is, and what signs
for it, is asked once. A request with more than bucket, key, body and type takes botocore's way, and so do signed URLs.
"""

import hashlib
from typing import Any
from urllib.parse import quote

from botocore.awsrequest import AWSResponse
from botocore.model import OperationModel
from botocore.response import StreamingBody

from chalicelib.lean_endpoint import Request, straight

_METHODS = {"GetObject": "GET", "PutObject": "PUT"}
_USUAL = frozenset({"Bucket", "Key", "Body", "ContentType"})
_UNQUOTED = "/~"
_SIGNING = ("auth_type", "signing")


class _Whole(dict[str, Any]):
    """The parameters of a call that goes straight."""


class _Client:
    """What botocore's client does, which comes after `ObjectCalls` among the bases of the class that it makes."""

    _emit_api_params: Any
    _resolve_endpoint_ruleset: Any
    _convert_to_request_dict: Any


class ObjectCalls(_Client):
    """A base for clients of S3, before botocore's own."""

    _user_agent_creator: Any

    def _emit_api_params(self, api_params: Request, operation_model: OperationModel, context: Request) -> Request:
        is_whole = operation_model.name in _METHODS and api_params.keys() <= _USUAL
        if is_whole and isinstance(api_params.get("Body", b""), bytes) and "is_presign_request" not in context:
            return _Whole(api_params)
        emitted: Request = super()._emit_api_params(api_params, operation_model, context)
        return emitted

    def _resolve_endpoint_ruleset(
        self,
        operation_model: OperationModel,
        params: Request,
        request_context: Request,
        ignore_signing_region: bool = False,  # noqa: FBT001, FBT002 - botocore's
    ) -> Any:  # noqa: ANN401 - botocore's
        """Return where a bucket is, and put into the context what signs for it."""
        resolve = super()._resolve_endpoint_ruleset
        if not isinstance(params, _Whole):
            return resolve(operation_model, params, request_context, ignore_signing_region)
        bucket = params["Bucket"]
        known = vars(self).setdefault("_buckets", {})
        if bucket not in known:
            context = dict(request_context)
            url, _, _ = resolve(operation_model, dict(params), context)
            known[bucket] = url, {name: context[name] for name in _SIGNING if name in context}
        url, signing = known[bucket]
        request_context |= {**signing, "s3_redirect": {"redirected": False, "bucket": bucket, "params": dict(params)}}
        return url, {}, {}

    def _convert_to_request_dict(
        self,
        api_params: Request,
        operation_model: OperationModel,
        endpoint_url: str,
        **named: Any,  # noqa: ANN401 - botocore's
    ) -> Request:
        if not isinstance(api_params, _Whole):
            converted: Request = super()._convert_to_request_dict(api_params, operation_model, endpoint_url, **named)
            return converted
        path, body = f"/{quote(api_params['Key'], safe=_UNQUOTED)}", api_params.get("Body", b"")
        headers = {
            "User-Agent": self._user_agent_creator.to_string(),
            "X-Amz-Content-SHA256": hashlib.sha256(body).hexdigest(),
        }
        if "ContentType" in api_params:
            headers["Content-Type"] = api_params["ContentType"]
        request = {
            "method": _METHODS[operation_model.name],
            "url_path": path,
            "query_string": {},
            "url": f"{endpoint_url.rstrip('/')}{path}",
            "headers": headers,
            "body": body,
            "context": named["context"],
        }
        return straight(request, _got if operation_model.name == "GetObject" else _put)


def _put(answer: AWSResponse) -> Request:
    return _described(answer)


def _got(answer: AWSResponse) -> Request:
    length = int(answer.headers["Content-Length"])
    return {
        **_described(answer),
        "Body": StreamingBody(answer.raw, length),
        "ContentLength": length,
        "ContentType": answer.headers.get("Content-Type", ""),
    }


def _described(answer: AWSResponse) -> Request:
    """Return what is true of an object whoever asks; for the rest of its description ask HeadObject."""
    request_id = answer.headers.get("x-amz-request-id", "")
    return {
        "ETag": answer.headers.get("ETag", ""),
        "ResponseMetadata": {"HTTPStatusCode": answer.status_code, "RequestId": request_id},
    }
