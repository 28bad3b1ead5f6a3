"""The fields of a form, as UWS clients post them: URL-encoded, or in parts (multipart) without files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.parser import BytesParser
from urllib.parse import parse_qsl

from chalicelib.http.endpoint import Incoming
from chalicelib.http.errors import BadRequest

_MOST_FIELDS = 200
_OBJECT = ("OBJ", "OBJ_ID")
_RESERVED = {"PHASE", "RUNID", "ACTION", "DESTRUCTION", "EXECUTIONDURATION", *_OBJECT}


@dataclass(frozen=True, slots=True)
class Form:
    """What was posted: UWS's own parameters by their names in capitals, and all others as they were named."""

    control: Mapping[str, str]
    parameters: Mapping[str, str]

    @property
    def obj_id(self) -> str | None:
        """The object that the analysis is of."""
        return next((self.control[name] for name in _OBJECT if self.control.get(name)), None)


def form_of(incoming: Incoming) -> Form:
    """Read the form of a request.

    Raises
    ------
    BadRequest
        It is no form, has too many fields, or one of them twice.
    """
    control: dict[str, str] = {}
    parameters: dict[str, str] = {}
    for count, (name, value) in enumerate(_fields(incoming), 1):
        known = name.upper() in _RESERVED
        place, key = (control, name.upper()) if known else (parameters, name)
        if count > _MOST_FIELDS or key in place:
            raise BadRequest(f"The form has the field {name[:100]!r} twice, or more than {_MOST_FIELDS} fields.")
        if "\0" in name + value:
            raise BadRequest(f"A NUL character in {name[:100]!r} is no text.")
        place[key] = value
    return Form(control, parameters)


def _fields(incoming: Incoming) -> Iterator[tuple[str, str]]:
    kind = incoming.headers.get("content-type") or ""
    if kind.lower().startswith("multipart/form-data"):
        yield from _parts(kind, incoming.body)
        return
    if kind.lower().partition(";")[0].strip() == "application/json":
        raise BadRequest(
            "Jobs are made with the fields of a form, not with JSON, which `/api/obj/<id>/analysis/<n>` takes."
        )
    try:
        yield from parse_qsl(
            incoming.body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"
        )
    except ValueError as error:
        raise BadRequest(f"The body is no form (application/x-www-form-urlencoded): {error}.") from None


def _parts(kind: str, body: bytes) -> Iterator[tuple[str, str]]:
    message = BytesParser().parsebytes(b"Content-Type: " + kind.encode(errors="replace") + b"\r\n\r\n" + body)
    for part in message.walk() if message.is_multipart() else ():
        if part is message:
            continue
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if part.get_filename() is not None or not isinstance(name, str) or not isinstance(content, bytes):
            raise BadRequest("Files are not taken here: give a parameter as a data URL.")
        try:
            yield name, content.decode()
        except UnicodeDecodeError:
            raise BadRequest(f"The field {name[:100]!r} is not text in UTF-8.") from None
