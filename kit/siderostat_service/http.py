"""The HTTP service: says that it is active, and takes runs."""

import os
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from siderostat_service.runs import Runs
from siderostat_service.taking import Refused, read_run

if TYPE_CHECKING:
    from siderostat_service.analysis import Analysis

MOST_BYTES = 32_000_000
SECRET = "SIDEROSTAT_SIGNING_SECRET"  # noqa: S105 - the variable's name
_RETRY_AFTER = {"Retry-After": "30"}


def application(analysis: "Analysis") -> Starlette:
    """Build the ASGI application; SIDEROSTAT_SIGNING_SECRET turns the check of signatures on."""
    runs = Runs(analysis)

    async def active(_: Request) -> JSONResponse:
        return JSONResponse({"status": "active", "name": analysis.name})

    async def take(request: Request) -> JSONResponse:
        try:
            document = read_run(await _body(request), request.headers, os.environ.get(SECRET))
        except Refused as refusal:
            return _error(refusal.status, str(refusal))
        except ClientDisconnect:
            return _error(HTTPStatus.BAD_REQUEST, "The request ended early.")
        if not runs.submit(document):
            return _error(HTTPStatus.SERVICE_UNAVAILABLE, "Too many analyses are waiting: try again later.")
        return JSONResponse({"status": "success", "message": "queued"})

    both = ["/", "/analysis"]
    return Starlette(
        routes=[Route(path, active, methods=["GET"]) for path in both]
        + [Route(path, take, methods=["POST"]) for path in both]
    )


async def _body(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {MOST_BYTES} bytes are taken.")
        parts.append(part)
    return b"".join(parts)


def _error(status: HTTPStatus, message: str) -> JSONResponse:
    headers = _RETRY_AFTER if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return JSONResponse({"status": "error", "message": message}, status, headers)
