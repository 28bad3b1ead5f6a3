"""The edge: authenticate, parse, run, answer, the same way for every route."""

import inspect
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypedDict, Unpack, get_type_hints

from chalice.app import Blueprint, Response
from chalice.app import Request as ChaliceRequest

from chalicelib.http import logs, reading
from chalicelib.http.compression import unpacked
from chalicelib.http.envelope import SECURITY_HEADERS, Reply, failure, success
from chalicelib.http.errors import ApiError, InternalError, TooLarge
from chalicelib.http.large_answers import carried, shortened
from chalicelib.http.logs import LOGGER, request_id, run
from chalicelib.settings import MAX_BODY_BYTES

if TYPE_CHECKING:
    from pydantic import BaseModel

View = Callable[..., Any]
Authenticate = Callable[[Mapping[str, str]], Any]
Refuse = Callable[..., TooLarge]


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a view may ask for besides its typed parameters, as a parameter named `incoming`."""

    body: bytes
    """Unpacked, if it came compressed."""
    headers: Mapping[str, str]
    query: Mapping[str, str]
    path: str
    """With the values of the path parameters, still encoded, and without the stage."""
    full_path: str
    """As it was asked for: with the stage, if there is one in the URL."""
    repeated: Mapping[str, Sequence[str]]
    """All values of each query parameter; `query` has the last."""


class Facts(TypedDict, total=False):
    """What neither a view's parameters nor its return type say, most of it for the documentation of the API alone."""

    body: "type[BaseModel]"
    """What the view reads from the raw body itself."""
    file: bool
    """Whether the body is a file, as it is."""
    form: bool
    """Whether the body is a form, whose fields the view reads itself."""
    see_other: bool
    """Whether a success is a redirect (303) to what came of it."""
    answers: Callable[[], Any]
    """Returns the type of the data in the envelope, or a `Content`, where the view's return type does not say it.

    The documentation alone asks, so that no request imports the models of answers (`late`).
    """
    raises: tuple[type[ApiError], ...]
    """Failures that not every endpoint has."""
    repeatable: bool
    """Whether a request with an Idempotency-Key is done once however often it is sent."""
    tagged: bool
    """Whether a success has a tag, and is not sent again to who names it (If-None-Match)."""
    large: bool
    """Whether a success that Lambda cannot carry is compressed, or answered by a redirect to where it is stored."""
    whole: bool
    """Whether it tells of all endpoints, or of what all rooms declare, so that all must be there before."""
    compressed: bool
    """Whether a success is compressed for whoever reads that, because lines are slow and the answer is long."""
    too_large: Refuse
    """Gets the path parameters and the `size` of a body that is not accepted, and returns what it is refused with.

    The size is a number of bytes, or words in its place for a body that would be too large unpacked.
    """


@dataclass(frozen=True, slots=True)
class Content:
    """An answer of its own kind, without the envelope."""

    content_types: tuple[str, ...]
    large: bool = False
    """Whether it may be answered by a redirect to where it is stored."""
    file: bool = False
    """Whether it has a name and a tag, and is answered in parts to whom asks for one."""


@dataclass(frozen=True, slots=True)
class Route:
    """What the documentation of the API knows of an endpoint."""

    method: str
    path: str
    view: View
    permission: str | None
    public: bool
    facts: Facts = field(default_factory=Facts)


_MOST_LENGTH_DIGITS = 18

ROUTES: list[Route] = []
"""Every endpoint, in the order of registration."""


def endpoint(
    blueprint: Blueprint,
    method: str,
    path: str,
    *,
    authenticate: Authenticate | None = None,
    permission: str | None = None,
    **facts: Unpack[Facts],
) -> Callable[[View], View]:
    """Register a view.

    The view's parameters say what it needs: `caller` is what `authenticate` returns for the headers, `body` and
    `query` are pydantic models, `incoming` is the raw request, and all others are path parameters, `str` or `int`.
    It returns the data for a success envelope, or a `Reply`. Every exception becomes the one error shape. `facts` are
    for the documentation, but for `large`, `compressed` and `too_large`.
    """

    def register(view: View) -> View:
        def handle(**path_parameters: str) -> Response:
            request = blueprint.current_request
            with logs.request(_request_id(request)):
                started = time.monotonic()
                caller = None
                try:
                    caller = authenticate(request.headers) if authenticate else None
                    raw = _body(request, path_parameters, facts.get("too_large"))
                    reply = _run(view, request, raw, caller)
                    reply = shortened(reply, request.headers) if facts.get("compressed") else reply
                    reply = _limited(carried(reply, request.headers) if facts.get("large") else reply)
                except ApiError as error:
                    reply = failure(error)
                except Exception:  # noqa: BLE001 - whatever happens has the one error shape
                    LOGGER.exception("unhandled exception", extra={"route": path, "method": method})
                    reply = failure(
                        InternalError(f"Something went wrong on our side. Please report request id {request_id.get()}.")
                    )
                LOGGER.info(
                    "request",
                    extra={
                        "method": method,
                        "route": path,
                        "status": reply.status,
                        "milliseconds": round(1000 * (time.monotonic() - started)),
                        "user_id": getattr(caller, "user_id", None),
                    },
                )
                return chalice_response(reply)

        handle.__name__ = view.__name__
        handle.__doc__ = view.__doc__
        name = f"{view.__module__}.{view.__name__}"
        blueprint.route(path, methods=[method], content_types=["*/*"], name=name)(handle)
        ROUTES.append(Route(method, path, view, permission, public=authenticate is None, facts=facts))
        return view

    return register


def _request_id(request: ChaliceRequest) -> str:
    return request.context.get("requestId") or getattr(request.lambda_context, "aws_request_id", "") or uuid.uuid4().hex


@cache
def parameters_of(view: View) -> dict[str, Any]:
    """Return the annotations of a view's parameters by name."""
    hints = get_type_hints(view)
    return {name: hints[name] for name in inspect.signature(view).parameters}


def _body(request: ChaliceRequest, path_parameters: Mapping[str, str], too_large: Refuse | None) -> bytes:
    """Return the body, unpacked, unless it is too large; a gateway may keep it and hand on its stated length alone."""
    raw, stated = request.raw_body or b"", request.headers.get("content-length", "")
    size = len(raw)
    if not size and stated.isascii() and stated.isdigit() and len(stated) <= _MOST_LENGTH_DIGITS:
        size = int(stated)
    if size > MAX_BODY_BYTES:
        raise reading.too_large(size) if too_large is None else too_large(**path_parameters, size=size)
    try:
        return unpacked(raw, request.headers.get("content-encoding"), MAX_BODY_BYTES)
    except TooLarge:
        if too_large is None:
            raise
        raise too_large(**path_parameters, size=f"more than {MAX_BODY_BYTES} unpacked") from None


def _run(view: View, request: ChaliceRequest, raw: bytes, caller: object) -> Reply:
    repeated = request.to_original_event().get("multiValueQueryStringParameters") or {}
    query = reading.query_values(repeated)
    arguments: dict[str, Any] = {}
    for name, annotation in parameters_of(view).items():
        if name == "caller":
            arguments[name] = caller
        elif name == "body":
            arguments[name] = _validated(annotation, reading.json_object(raw))
        elif name == "query":
            arguments[name] = _validated(annotation, query)
        elif name == "incoming":
            full_path = request.context.get("path", "")
            arguments[name] = Incoming(raw, request.headers, query, _path(request), full_path, repeated)
        else:
            arguments[name] = reading.path_value(name, request.uri_params[name], annotation)
            if name == "analysis_id":
                run.set(arguments[name])
    result = view(**arguments)
    return result if isinstance(result, Reply) else success(result)


def _validated(annotation: Any, values: Mapping[str, Any]) -> "BaseModel":  # noqa: ANN401 - an annotation
    from pydantic import BaseModel  # noqa: PLC0415 - there already if the view has a model, and else not needed

    from chalicelib.http.parsing import validated  # noqa: PLC0415 - same

    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        raise TypeError(f"body and query parameters are pydantic models, not {annotation!r}")
    return validated(annotation, values)


def _path(request: ChaliceRequest) -> str:
    path: str = request.context["resourcePath"]
    for name, value in (request.uri_params or {}).items():
        path = path.replace("{" + name + "}", value)
    return path


def _limited(reply: Reply) -> Reply:
    if len(reply.body) > MAX_BODY_BYTES:
        raise TooLarge(
            f"The answer has {len(reply.body)} bytes, more than the {MAX_BODY_BYTES} that can be sent at once. "
            "Ask for fewer rows, or fetch results and plots one by one."
        )
    return reply


def chalice_response(reply: Reply) -> Response:
    """Turn a reply into Chalice's, with the headers that every answer has."""
    headers: dict[str, Any] = {
        **SECURITY_HEADERS,
        "Content-Type": reply.content_type,
        "X-Request-Id": request_id.get(),
        **reply.headers,
    }
    return Response(body=reply.body, status_code=reply.status, headers=headers)
