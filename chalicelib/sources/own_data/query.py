"""What is said beside a file."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from chalicelib.http.parsing import Flag, Id, Query
from chalicelib.sources.numbers import Real

Keep = Annotated[Flag, Field(description="keep the file as it came, to be given back")]


def _shown(name: object) -> object:
    """Put a sign in the place of what cannot be shown: a file is not refused for its name."""
    if not isinstance(name, str):
        return name
    return "".join(character if character.isprintable() else "_" for character in name)[:_LONGEST_NAME] or None


_LONGEST_NAME = 255
Name = Annotated[str | None, BeforeValidator(_shown), Field(description="what the file is called")]
Packed = Annotated[
    Flag, Field(description="the body is the file compressed by gzip to fit into a request, and is kept unpacked")
]


class PhotometryFileQuery(Query):
    """Whose photometry it is, and what the file does not say."""

    obj_id: Annotated[str, Field(alias="objID")]
    dry_run: Flag = False
    instrument_id: Id | None = None
    zp: Real | None = None
    name: Name = None
    keep: Keep = True
    packed: Packed = False
    keep_only: Annotated[
        Flag, Field(description="store no photometry: all of it is there, and the file is to be kept beside it")
    ] = False


class SpectrumFileQuery(Query):
    """Whose spectrum it is, and what the file does not say."""

    obj_id: Annotated[str, Field(alias="objID")]
    dry_run: Flag = False
    instrument_id: Id | None = None
    observed_at: str | None = None
    name: Name = None
    keep: Keep = True
    packed: Packed = False
