"""Watches what the application asks of AWS, function by function, and holds it against the policies in .chalice.

IAM itself is not on one machine. Each call is turned into the actions and resources that IAM would ask about; calls
that no function makes (a test's own) are left alone.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from tests.support.iam_questions import about_missing_object, about_signed_form, about_signed_url, questions
from tests.support.policies import Access, grants_of

_acting: ContextVar[str | None] = ContextVar("acting", default=None)

used: dict[str, set[Access]] = {}
"""What each function did in this process, and in those that were added."""

denied: list[tuple[str, Access]] = []
"""What IAM would have refused since the list was last emptied."""

_allowed: dict[str, set[Access]] = {}
"""What was found to be allowed before."""


@contextmanager
def acting_as(function: str) -> Iterator[None]:
    """Count what happens inside as done by this Lambda function."""
    token = _acting.set(function)
    try:
        yield
    finally:
        _acting.reset(token)


def watch() -> None:
    """Look at every call of this process from now on, and let no function remember what another has seen."""
    # not at the head of the file: who only reads the record of a run asks AWS for nothing
    from botocore.client import BaseClient
    from botocore.exceptions import ClientError
    from botocore.signers import RequestSigner, S3PostPresigner

    from chalicelib.memory import Remembered

    call, sign, form = (
        BaseClient._make_api_call,
        RequestSigner.generate_presigned_url,
        S3PostPresigner.generate_presigned_post,
    )

    def watched_call(self, operation_name, api_params):
        service = self.meta.service_model.service_name
        _note(lambda: questions(service, operation_name, api_params))
        try:
            return call(self, operation_name, api_params)
        except ClientError as error:
            if service == "s3" and error.response["Error"]["Code"] in {"404", "NoSuchKey"}:
                _note(lambda: [about_missing_object(operation_name, api_params)])
            raise

    def watched_sign(self, request_dict, operation_name, *arguments, **keywords):
        _note(lambda: about_signed_url(operation_name, request_dict["url"]))
        return sign(self, request_dict, operation_name, *arguments, **keywords)

    def watched_form(self, request_dict, fields=None, conditions=None, *arguments, **keywords):
        _note(lambda: about_signed_form(conditions))
        return form(self, request_dict, fields, conditions, *arguments, **keywords)

    get, put = Remembered.get, Remembered.put
    # functions are processes of their own: what another one remembers spares this one no call
    Remembered.get = lambda self, key: get(self, (_acting.get(), key))
    Remembered.put = lambda self, key, value: put(self, (_acting.get(), key), value)
    BaseClient._make_api_call = watched_call
    RequestSigner.generate_presigned_url = watched_sign
    S3PostPresigner.generate_presigned_post = watched_form


def _note(asked) -> None:
    function = _acting.get()
    if function is None:
        return
    known = _allowed.setdefault(function, set())
    for access in asked():
        if access in known:
            continue
        used.setdefault(function, set()).add(access)
        if any(grant.allows(access) for grant in grants_of(function)):
            known.add(access)
        else:
            denied.append((function, access))


def as_json() -> dict[str, list[list[str]]]:
    """Return what was used in this process, to be sent between processes."""
    return {name: sorted([one.action, one.resource, one.condition] for one in found) for name, found in used.items()}


def add(found: dict[str, Iterable[Iterable[str]]]) -> None:
    """Take over what another process used."""
    for name, rows in found.items():
        used.setdefault(name, set()).update(Access(*row) for row in rows)
