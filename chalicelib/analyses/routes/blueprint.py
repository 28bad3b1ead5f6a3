"""The blueprint that the endpoints of analyses share, and what they answer."""

from typing import TYPE_CHECKING

from chalice.app import Blueprint

from chalicelib.http.late import Late

if TYPE_CHECKING:
    from chalicelib.analyses import answers
else:
    answers = Late("chalicelib.analyses.answers")

__all__ = ["answers", "blueprint"]

blueprint = Blueprint(__name__)
