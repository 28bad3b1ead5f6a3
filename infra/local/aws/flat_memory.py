"""Lets moto forget what is gone: it lists all that it ever made, for a dashboard that is not served here."""

from typing import Any

from moto.core.common_models import BaseModel


def install() -> None:
    """Make the objects of moto's models without a list of them; for a process that lives for months."""
    BaseModel.__new__ = _new


def _new(cls: type[Any], *_: Any, **__: Any) -> Any:  # noqa: ANN401 - moto has no types
    return object.__new__(cls)
