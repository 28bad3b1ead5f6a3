"""The blueprint that the routes of accounts share, and what they answer."""

from typing import TYPE_CHECKING

from chalice.app import Blueprint

from chalicelib.http.late import Late

if TYPE_CHECKING:
    from chalicelib.accounts import answers
else:
    answers = Late("chalicelib.accounts.answers")

__all__ = ["answers", "blueprint"]

blueprint = Blueprint(__name__)
