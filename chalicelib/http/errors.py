"""Failures as the wire shows them: the status code stands on the class, the message is for the caller."""

from typing import ClassVar


class ApiError(Exception):
    """A failure that the caller is told about; nothing was changed unless the message says so."""

    status: ClassVar[int] = 400

    def __init__(self, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after


class BadRequest(ApiError):
    """Bad or missing parameters."""


class Unauthorized(ApiError):
    """No token, an unknown one, or one without the permission that the endpoint asks for."""

    status = 401


class Forbidden(ApiError):
    """The row exists or not, but the caller may not reach it."""

    status = 403


class NotFound(ApiError):
    """An unknown path or product, or a source that the caller may not see."""

    status = 404


class MethodNotAllowed(ApiError):
    """The path exists, the method does not."""

    status = 405


class Conflict(ApiError):
    """The same idempotency key with another body."""

    status = 409


class TooLarge(ApiError):
    """The body exceeds what Lambda carries."""

    status = 413


class UnsupportedMediaType(ApiError):
    """The body is compressed in a way that is not understood."""

    status = 415


class RangeNotSatisfiable(ApiError):
    """No byte of the part that was asked for exists."""

    status = 416


class TooManyRequests(ApiError):
    """A limit was reached; `retry_after` is in seconds."""

    status = 429


class InternalError(ApiError):
    """Our fault; the message holds a request id and nothing else."""

    status = 500


class Unavailable(ApiError):
    """What was asked for is being made; `retry_after` is in seconds."""

    status = 503


class GatewayTimeout(ApiError):
    """The answer took longer than the gateway waits; what was asked may still be done."""

    status = 504
