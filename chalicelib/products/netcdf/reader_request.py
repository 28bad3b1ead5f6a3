"""What the reader of posterior files is asked for, as the one argument of its program."""

import json

from chalicelib.products.selection import Wanted

CHECK = "check"
"""Whether the file can be read; nothing of it is wanted."""


def drawing(wanted: Wanted) -> str:
    """Ask for the samples that are drawn."""
    return json.dumps({"var_names": wanted.var_names, "most": wanted.most})


def wanted_of(argument: str) -> Wanted:
    """Read what `drawing` wrote."""
    request = json.loads(argument)
    names = request["var_names"]
    return Wanted(None if names is None else tuple(names), request["most"])
