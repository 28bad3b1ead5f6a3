"""Makes moto's S3 as strict as Amazon's: keys of 1024 bytes, 2 kB of metadata, a thousand keys at once."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from moto.s3 import responses
from moto.s3.exceptions import InvalidArgumentError, MalformedXML, S3ClientError
from moto.s3.models import S3Backend
from moto.s3.responses import S3Response

MOST_KEY_BYTES = 1024
MOST_METADATA_BYTES = 2048
MOST_KEYS_AT_ONCE = 1000

_WITH_KEY = {
    "put_object": 1,
    "get_object": 1,
    "delete_object": 1,
    "create_multipart_upload": 1,
    "copy_object": 2,
}
"""Operations, and at which place after the backend their key stands."""

_PREFIX = "x-amz-meta-"
_LISTS = ("list_objects", "list_objects_v2", "list_object_versions")

_delete_objects = S3Backend.delete_objects
_metadata_of = responses.metadata_from_headers


def install() -> None:
    """Put the checks before moto's operations."""
    for name, place in _WITH_KEY.items():
        setattr(S3Backend, name, _checked(getattr(S3Backend, name), place))
    for name in _LISTS:
        setattr(S3Response, name, _capped(getattr(S3Response, name)))
    S3Backend.delete_objects = _delete_at_most
    responses.metadata_from_headers = _bounded_metadata


def _checked(operation: Callable[..., Any], place: int) -> Callable[..., Any]:
    @functools.wraps(operation)
    def checked(backend: Any, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - moto has no types
        key = named.get("key_name") or named.get("dest_key_name") or args[place]
        if len(key.encode()) > MOST_KEY_BYTES:
            raise S3ClientError("KeyTooLongError", "Your key is too long")
        return operation(backend, *args, **named)

    return checked


def _capped(operation: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(operation)
    def capped(handler: Any) -> Any:  # noqa: ANN401 - moto has no types
        asked = handler.querystring.get("max-keys", [str(MOST_KEYS_AT_ONCE)])[0]
        if int(asked) < 0:
            raise InvalidArgumentError("maxKeys cannot be negative", "max-keys", asked)
        if int(asked) > MOST_KEYS_AT_ONCE:
            handler.querystring["max-keys"] = [str(MOST_KEYS_AT_ONCE)]
        return operation(handler)

    return capped


@functools.wraps(_delete_objects)
def _delete_at_most(backend: Any, bucket_name: str, objects: list[Mapping[str, Any]], *args: Any, **named: Any) -> Any:  # noqa: ANN401
    if len(objects) > MOST_KEYS_AT_ONCE:
        raise MalformedXML
    return _delete_objects(backend, bucket_name, objects, *args, **named)


@functools.wraps(_metadata_of)
def _bounded_metadata(headers: Mapping[str, Any]) -> Any:  # noqa: ANN401 - moto has no types
    metadata = _metadata_of(headers)
    own = {name.removeprefix(_PREFIX): value for name, value in metadata.items() if name.startswith(_PREFIX)}
    if sum(len(name) + len(str(value).encode()) for name, value in own.items()) > MOST_METADATA_BYTES:
        raise S3ClientError("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size")
    return metadata
