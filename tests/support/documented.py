"""Holds every answer that any test sees to the OpenAPI document."""

import base64
import gzip
import json
from functools import cache
from typing import Any

from jsonschema_rs import Draft202012, Draft202012Validator, Registry

from chalicelib.openapi.document import document

_WRONG_METHOD = 405
_PART = "206"
"""Of JSON it is none itself."""
_DOCUMENT = "urn:siderostat:openapi"


def check_documented(method: str, path: str, proxy: dict[str, Any]) -> None:
    """Fail the test if this is no answer that the operation may give; `path` is the route's."""
    status, kind = str(proxy["statusCode"]), proxy["headers"]["Content-Type"]
    operation = document()["paths"][path].get(method.lower())
    if operation is None:
        assert proxy["statusCode"] == _WRONG_METHOD
        return
    where = f"{method} {path}: {status}"
    assert status in operation["responses"], f"{where} is not documented: name the failure in the endpoint's `raises`"
    if kind == "application/json" and method != "HEAD" and status != _PART:
        _check(where, _validator(method.lower(), path, status), _content(proxy))
    elif status == "200" and method != "HEAD":
        assert kind in operation["responses"][status]["content"], f"{where}: {kind} is not documented"


def _content(proxy: dict[str, Any]) -> bytes:
    body = base64.b64decode(proxy["body"]) if proxy.get("isBase64Encoded") else proxy["body"].encode()
    return gzip.decompress(body) if proxy["headers"].get("Content-Encoding") == "gzip" else body


def _check(where: str, validator: Draft202012Validator | None, content: bytes) -> None:
    if validator is None:
        return
    error = next(validator.iter_errors(json.loads(content)), None)
    assert error is None, (
        f"{where} is not answered as documented: {error.message} at {error.instance_path}; see the room's answers.py"
    )


@cache
def _validator(method: str, path: str, status: str) -> Draft202012Validator | None:
    """Return the validator of an answer; None if there is no body."""
    answer = document()["paths"][path][method]["responses"][status]
    if "$ref" in answer:
        return _validator_of_component(answer["$ref"].rpartition("/")[2])
    return _compiled(answer)


@cache
def _validator_of_component(name: str) -> Draft202012Validator | None:
    return _compiled(document()["components"]["responses"][name])


def _compiled(answer: dict[str, Any]) -> Draft202012Validator | None:
    """Compile what the schema of an answer refers to, and not all that the document holds."""
    if "content" not in answer:
        return None
    return Draft202012Validator(_absolute(answer["content"]["application/json"]["schema"]), registry=_registry())


@cache
def _registry() -> Registry:
    return Registry([(_DOCUMENT, {"components": document()["components"]})], draft=Draft202012)


def _absolute(schema: Any) -> Any:
    """Let the references of a schema begin with the document's name."""
    if isinstance(schema, list):
        return [_absolute(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: f"{_DOCUMENT}{value}" if key == "$ref" and isinstance(value, str) else _absolute(value)
        for key, value in schema.items()
    }
