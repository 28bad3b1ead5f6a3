"""How a caller wants the corner plot to be drawn, checked as far as that can be done without the posterior."""

import re
from typing import Any

from chalicelib.http.errors import BadRequest
from chalicelib.http.reading import json_object
from chalicelib.products.corner.allowed_arguments import check_plot_kwargs

_NAME = re.compile(r"(?:[^,\[\]]|\[[^\[\]]*\]|[\[\]])+")
"""A comma within brackets is part of the name: ``theta[0,1]``."""


def plot_kwargs(given: object, var_names: str | None = None) -> dict[str, Any]:
    """Return corner's keyword arguments, as an object or as JSON text; names in the query come before those in it.

    Raises
    ------
    BadRequest
        They are not an object, or some of them are not allowed.
    """
    kwargs = _object(given)
    if var_names is not None and var_names.strip():
        names = (name.strip() for name in _NAME.findall(var_names))
        kwargs = {**kwargs, "var_names": [name for name in names if name]}
    try:
        check_plot_kwargs(kwargs)
    except ValueError as error:
        raise BadRequest(f"Invalid plot_kwargs: {error}") from None
    return kwargs


def _object(given: object) -> dict[str, Any]:
    if isinstance(given, str):
        try:
            return json_object(given.encode(errors="replace"))
        except BadRequest as error:
            raise BadRequest(f"Invalid plot_kwargs: {error.message}") from None
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise BadRequest("Invalid plot_kwargs: a JSON object of corner's keyword arguments is expected.")
    return given
