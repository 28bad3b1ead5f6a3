"""What an operation may answer: its success, and every failure that can happen to it."""

from http import HTTPStatus
from typing import Any

from chalicelib.http.endpoint import Content, Route, parameters_of
from chalicelib.http.errors import (
    ApiError,
    BadRequest,
    Conflict,
    Forbidden,
    GatewayTimeout,
    InternalError,
    NotFound,
    TooLarge,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    UnsupportedMediaType,
)
from chalicelib.openapi.schemas import Schema, Schemas, answer_of
from chalicelib.settings import VERSION

_EVERYWHERE: tuple[type[ApiError], ...] = (
    BadRequest,
    TooLarge,
    UnsupportedMediaType,
    TooManyRequests,
    InternalError,
    GatewayTimeout,
)
_JSON = "application/json"
_ERROR = "Error"

_REPLAYED = {"description": "The first answer to this Idempotency-Key.", "schema": {"type": "string", "const": "true"}}

_FILE_HEADERS = {
    "ETag": {"description": "Another one for other content.", "schema": {"type": "string"}},
    "Content-Disposition": {"description": "A name for the file.", "schema": {"type": "string"}},
    "Accept-Ranges": {"schema": {"type": "string", "const": "bytes"}},
}

_KNOWN = "`If-None-Match` named what there is."

Answers = dict[str, Any]


def answers(route: Route, schemas: Schemas) -> Answers:
    """Return what an operation may answer, by status."""
    return _successes(route, schemas) | {
        str(error.status): {"$ref": f"#/components/responses/{error.__name__}"} for error in _failures(route)
    }


def error_schema() -> dict[str, Schema]:
    """Return the schema of every failure, by its name among the components."""
    properties: Schema = {"message": {"type": "string"}, "data": {"type": "object", "maxProperties": 0}}
    return {_ERROR: _envelope("error", properties)}


def error_answers() -> Answers:
    """Return what the operations refer to, by the names of the failures."""
    return {error.__name__: _error_answer(error) for error in ApiError.__subclasses__()}


def _error_answer(error: type[ApiError]) -> Answers:
    described: Answers = {
        "description": (error.__doc__ or "").strip(),
        "content": {_JSON: {"schema": {"$ref": f"#/components/schemas/{_ERROR}"}}},
    }
    if error not in {TooManyRequests, Unavailable}:
        return described
    seconds = {"description": "Seconds after which to try again.", "schema": {"type": "integer", "minimum": 0}}
    return {**described, "headers": {"Retry-After": seconds}}


def _failures(route: Route) -> list[type[ApiError]]:
    takes_input = bool(set(parameters_of(route.view)) - {"caller"})
    possible = [
        *_EVERYWHERE,
        *([] if route.public else [Unauthorized]),
        *([Forbidden, NotFound] if takes_input else []),
        *([Conflict] if route.facts.get("repeatable") else []),
        *route.facts.get("raises", ()),
    ]
    return sorted(dict.fromkeys(possible), key=lambda error: error.status)


def _successes(route: Route, schemas: Schemas) -> Answers:
    answers = _successes_of(route, schemas)
    if not route.facts.get("tagged"):
        return answers
    tag = {"headers": {"ETag": _FILE_HEADERS["ETag"]}}
    return {**answers, "200": {**answers["200"], **tag}, "304": {"description": _KNOWN, **tag}}


def _successes_of(route: Route, schemas: Schemas) -> Answers:
    if route.facts.get("see_other"):
        location = {"description": "What came of it.", "schema": {"type": "string", "format": "uri"}}
        return {"303": {"description": "Done: read there what came of it.", "headers": {"Location": location}}}
    answer = answer_of(route)
    if route.method == "HEAD":
        is_file, large = (answer.file, answer.large) if isinstance(answer, Content) else (False, False)
        headers = {"headers": _FILE_HEADERS} if is_file else {}
        return {"200": {"description": HTTPStatus.OK.phrase, **headers}} | (_redirect() if large else {})
    if not isinstance(answer, Content):
        envelope = _envelope("success", {"data": schemas.of(answer)})
        headers = {"headers": {"Idempotent-Replayed": _REPLAYED}} if route.facts.get("repeatable") else {}
        success = {"description": HTTPStatus.OK.phrase, **headers, "content": {_JSON: {"schema": envelope}}}
        return {"200": success} | (_redirect() if route.facts.get("large") else {})
    content: Answers = {kind: {"schema": {}} if kind == _JSON else {} for kind in answer.content_types}
    whole: Answers = {"description": HTTPStatus.OK.phrase, "content": content}
    elsewhere = _redirect() if answer.large else {}
    if not answer.file:
        return {"200": whole, **elsewhere}
    part_headers = {**_FILE_HEADERS, "Content-Range": {"schema": {"type": "string"}}}
    return {
        "200": {**whole, "headers": _FILE_HEADERS},
        "206": {"description": "The part that `Range` asked for.", "content": content, "headers": part_headers},
        "304": {"description": _KNOWN, "headers": {"ETag": _FILE_HEADERS["ETag"]}},
        **elsewhere,
    }


def _redirect() -> Answers:
    location = {"description": "Signed, for a few minutes.", "schema": {"type": "string", "format": "uri"}}
    return {"307": {"description": "Too large to be answered: read it there.", "headers": {"Location": location}}}


def _envelope(status: str, properties: Schema) -> Schema:
    described = {
        "status": {"type": "string", "const": status},
        **properties,
        "version": {"type": "string", "examples": [VERSION]},
    }
    return {"type": "object", "required": list(described), "properties": described, "additionalProperties": False}
