"""What is said beside a file."""

from typing import Annotated

from pydantic import Field

from chalicelib.http.parsing import Flag, Id, Query
from chalicelib.sources.numbers import Real


class PhotometryFileQuery(Query):
    """Whose photometry it is, and what the file does not say."""

    obj_id: Annotated[str, Field(alias="objID")]
    dry_run: Flag = False
    instrument_id: Id | None = None
    zp: Real | None = None


class SpectrumFileQuery(Query):
    """Whose spectrum it is, and what the file does not say."""

    obj_id: Annotated[str, Field(alias="objID")]
    dry_run: Flag = False
    instrument_id: Id | None = None
    observed_at: str | None = None
