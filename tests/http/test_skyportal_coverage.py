"""Every endpoint that we have in common with SkyPortal's typed client is called through it by a test."""

import ast
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from chalicelib.openapi.document import document
from tests.support import skyportal_client

HTTP = {"get", "post", "put", "patch", "delete", "head"}
TESTS = Path(__file__).parents[1]
OBJECT_KINDS = {"annotations", "comments"}
"""Their functions take the kind of resource as a part of the path, of which we have `sources`."""

NOT_IN_COMMON = {
    "fetch_sources_save_summary": "GET /api/sources with saveSummary is refused",
}


def _functions():
    """Each function of the client with its method and path, `{}` for every parameter of the path."""
    for file in sorted(Path(find_spec("skyportal_py").origin).parent.glob("*.py")):
        for function in ast.parse(file.read_text()).body:
            if isinstance(function, ast.FunctionDef):
                yield from ((function.name, *call) for node in ast.walk(function) if (call := _call(node, file.stem)))


def _call(node, module):
    if not (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in HTTP and node.args
    ):
        return None
    target = node.args[0]
    if isinstance(target, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in target.values]
        path = "".join(parts)
    elif isinstance(target, ast.Constant) and isinstance(target.value, str):
        path = target.value
    else:
        return None
    return node.func.attr, path.replace("/api/{}/", "/api/sources/", 1) if module in OBJECT_KINDS else path


def _ours():
    return {
        (method, re.sub(r"\{\w+\}", "{}", path)) for path, methods in document()["paths"].items() for method in methods
    }


@cache
def _called_names():
    files = [file for file in TESTS.rglob("test_skyportal*.py") if file != Path(__file__)]
    trees = [ast.parse(file.read_text()) for file in files]
    return {
        node.func.attr
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


def _in_common():
    import app  # noqa: F401 - registers the endpoints

    ours = _ours()
    return sorted({name for name, method, path in _functions() if (method, path) in ours} - set(NOT_IN_COMMON))


IN_COMMON = _in_common()


def test_much_is_in_common():
    assert len(IN_COMMON) > 60
    assert {"post_analysis", "fetch_analysis_plot", "update_annotation", "source_exists"} <= set(IN_COMMON)


@pytest.mark.parametrize("name", IN_COMMON)
def test_a_test_calls_it_through_the_client(name):
    assert name in _called_names(), f"write a round trip of {name} with {skyportal_client.__name__}.client_for"
