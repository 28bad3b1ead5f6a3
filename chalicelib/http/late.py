"""Modules of answers, which the documentation asks for and no request does: they are imported when it does.

Type checkers see the module itself, so that a name that it does not have is an error as with any import:

    if TYPE_CHECKING:
        from chalicelib.events import answers
    else:
        answers = Late("chalicelib.events.answers")
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any


class Late:
    """A module that is imported when something of it is first asked for.

    Parameters
    ----------
    name : str
        In full.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:  # noqa: ANN401 - whatever the module has
        return getattr(import_module(self._name), attribute)


if TYPE_CHECKING:
    from chalicelib.http import record
else:
    record = Late("chalicelib.http.record")

__all__ = ["Late", "record"]
