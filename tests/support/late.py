"""Modules that are imported when a test first uses them: every worker collects all tests, and runs only its share."""

import importlib
from typing import Any


class Late:
    """A module that stands at the head of a file, and costs nothing until something is taken from it.

    Parameters
    ----------
    name : str
        As it would be imported.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("_"):  # pytest looks at whatever stands in a file for what would make it a test
            raise AttributeError(attribute)
        return getattr(importlib.import_module(self._name), attribute)
