"""Requests made up from the OpenAPI document: no failure of ours, and no answer that the document does not describe."""

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import app  # noqa: F401 - registers the endpoints
from chalicelib.openapi.document import document
from tests.deep.conftest import OBJ_ID

EXAMPLES = 5
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SECONDS = 30

# the pages may not be built
SCHEMA = schemathesis.openapi.from_dict(document()).include(path_regex="^/(api|summarize)")


OPTIONS = {
    "max_examples": EXAMPLES,
    "derandomize": True,
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
}


@SCHEMA.parametrize()
@settings(phases=[Phase.explicit, Phase.generate], **OPTIONS)
def test_an_administrator_is_answered_as_documented(site, case):
    _check(site, "admin", case)


@SCHEMA.parametrize()
@settings(phases=[Phase.generate], **OPTIONS)
def test_a_full_user_is_answered_as_documented(site, case):
    _check(site, "full user", case)


def _check(site, who, case):
    if "obj_id" in case.path_parameters:
        case.path_parameters["obj_id"] = OBJ_ID
    headers = {"Authorization": f"token {site.tokens[who]}"}
    answer = case.call(base_url=site.url, headers=headers, timeout=SECONDS, allow_redirects=False)
    case.validate_response(answer, checks=CHECKS)
