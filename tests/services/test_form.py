"""Declared parameters as the fields of a form."""

import json

import pytest

from chalicelib.services.form import fields_of
from chalicelib.services.items.service import Service
from chalicelib.services.parameters import check_parameters
from tests.services.registering import manager_of, register
from tests.support.aws_calls import recorded_aws_calls
from tests.support.people import make_group, make_user


def field(declaration, name="p"):
    service = Service(1, optional_analysis_parameters=json.dumps({name: declaration}))
    (found,) = fields_of(service)
    return found


def plain(kind, *, required=False, **facts):
    return {"name": "p", "kind": kind, "label": "p", "required": required, **facts}


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        (["a", "b"], plain("choice", required=True, choices=["a", "b"], default="a")),
        ([1, 2.5], plain("choice", required=True, choices=[1, 2.5], default=1)),
        (["True", "False"], plain("boolean", choices=["True", "False"])),
        (["false", "true"], plain("boolean", choices=["false", "true"])),
        ([True, False], plain("boolean", choices=[True, False])),
        ([], plain("text", required=True)),
        ({"type": "file"}, plain("file")),
        ({"type": "file", "required": "True", "default": "x"}, plain("file", required=True)),
        ({"type": "number"}, plain("number")),
        ({"type": "number", "default": 0}, plain("number", default=0)),
        ({"type": "number", "default": "0.5"}, plain("number", default=0.5)),
        ({"type": "number", "default": "many"}, plain("number")),
        ({"type": "number", "min": 0, "max": 9, "step": 0.5}, plain("number", min=0, max=9, step=0.5)),
        ({"type": "number", "minimum": -1, "maximum": 1}, plain("number", min=-1, max=1)),
        ({"type": "integer"}, plain("number", step=1)),
        ({"type": "integer", "multipleOf": 5}, plain("number", step=5)),
        ({"type": "number", "step": 0}, plain("number")),
        ({"type": "boolean", "default": False}, plain("boolean", default=False)),
        ({"type": "boolean", "default": "True"}, plain("boolean", default=True)),
        ({"type": "string", "default": "", "required": True}, plain("text", required=True, default="")),
        ({"type": "string", "enum": ["a", "b"], "default": "b"}, plain("choice", choices=["a", "b"], default="b")),
        ({"type": "number", "enum": [1, 2], "default": "2"}, plain("choice", choices=[1, 2], default=2)),
        ({"type": "string", "enum": ["a"], "default": "z"}, plain("choice", choices=["a"])),
        (
            {"title": "Redshift", "description": "of the host"},
            {**plain("text"), "label": "Redshift", "description": "of the host"},
        ),
        ({"required": "False"}, plain("text")),
        ({"type": 5, "title": 7, "min": "a", "description": []}, plain("text")),
        ({"enum": [{"a": 1}, None, [2]]}, plain("text")),
        (3, plain("number", default=3)),
        (0.0, plain("number", default=0.0)),
        (False, plain("boolean", default=False)),
        ("free", plain("text", default="free")),
        (None, plain("text")),
    ],
)
def test_a_declaration_is_a_field(declaration, expected):
    assert field(declaration) == expected


def test_the_order_is_that_of_the_declaration():
    service = Service(1, optional_analysis_parameters='{"z": ["a"], "a": {"type": "file"}, "m": 1}')
    assert [one["name"] for one in fields_of(service)] == ["z", "a", "m"]
    assert fields_of(Service(1)) == []


@pytest.mark.parametrize("declared", [["True", "False"], ["true", "false"], {"enum": ["FALSE", "TRUE"]}])
def test_a_switch_may_be_given_as_one(declared):
    service = Service(1, optional_analysis_parameters=json.dumps({"p": declared}))
    for value in (True, False):
        check_parameters(service, {"p": value})


def test_who_reaches_the_service_reads_its_form_in_one_call(admin):
    group = make_group(admin)
    declared = {"source": ["salt2", "salt3"], "z": {"type": "number", "default": 0}}
    service_id = register(manager_of(admin, group), optional_analysis_parameters=declared, group_ids=[group])
    member = make_user(admin, roles=["View only"], groups=[group])
    path = f"/api/analysis_service/{service_id}/form"
    member.get(path)
    with recorded_aws_calls() as calls:
        found = member.get(path).data
    assert calls == ["GetItem"]
    assert [(one["name"], one["kind"], one.get("default")) for one in found["fields"]] == [
        ("source", "choice", "salt2"),
        ("z", "number", 0),
    ]
    outsider = make_user(admin, groups=[make_group(admin)])
    assert outsider.get(path).error == (403, "Cannot access this Analysis Service.")
    assert member.get("/api/analysis_service/987654/form").error[0] == 403
