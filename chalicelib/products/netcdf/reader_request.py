"""What the reader of posterior files is asked for, as the one argument of its program."""

import json
from dataclasses import asdict

from chalicelib.products.columns import ColumnsWanted
from chalicelib.products.selection import Wanted

CHECK = "check"
"""Whether the file can be read; nothing of it is wanted."""


def drawing(wanted: Wanted) -> str:
    """Ask for the samples that are drawn."""
    return json.dumps({"var_names": wanted.var_names, "most": wanted.most})


def writing(wanted: ColumnsWanted) -> str:
    """Ask for the samples as text, on standard output."""
    return json.dumps({"columns": asdict(wanted)})


def wanted_of(argument: str) -> Wanted | ColumnsWanted:
    """Read what `drawing` or `writing` wrote."""
    request = json.loads(argument)
    if "columns" in request:
        return ColumnsWanted(**request["columns"])
    names = request["var_names"]
    return Wanted(None if names is None else tuple(names), request["most"])
