"""The blueprint that all routes of sources share, and what they answer."""

from typing import TYPE_CHECKING

from chalice.app import Blueprint

from chalicelib.http.late import Late

if TYPE_CHECKING:
    from chalicelib.sources import answers
else:
    answers = Late("chalicelib.sources.answers")

__all__ = ["answers", "blueprint"]

blueprint = Blueprint(__name__)
