"""What is said beside a file."""

from typing import Annotated

from pydantic import Field

from chalicelib.http.parsing import Flag, Id, Query
from chalicelib.sources.numbers import Real
from chalicelib.sources.records.attachments import FileName

Keep = Annotated[Flag, Field(description="keep the file as it came, to be given back")]
Name = Annotated[FileName | None, Field(description="what the file is called")]


class PhotometryFileQuery(Query):
    """Whose photometry it is, and what the file does not say."""

    obj_id: Annotated[str, Field(alias="objID")]
    dry_run: Flag = False
    instrument_id: Id | None = None
    zp: Real | None = None
    name: Name = None
    keep: Keep = True
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
