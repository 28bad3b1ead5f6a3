"""Which parameters an analysis may have."""

import pytest

from chalicelib.http.errors import BadRequest
from chalicelib.services.items.service import Service
from chalicelib.services.parameters import check_parameters

SERVICE = Service(
    1,
    optional_analysis_parameters="""{
        "source": ["salt2", "salt3"], "fix_z": ["True", "False"], "degree": [1, 2], "any": [],
        "cube": {"type": "file"}, "z": {"type": "number", "default": 0.1}, "model": {"type": "string", "enum": ["a"]},
        "note": "free"
    }""",
)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"source": "salt2"},
        {"fix_z": True},
        {"fix_z": "False"},
        {"degree": 2},
        {"degree": "2"},
        {"any": "thing"},
        {"cube": "data:image/fits;base64,AAAA"},
        {"z": 0.5},
        {"model": "a"},
        {"note": {"x": [1]}},
        {"correct_extinction": True},
    ],
)
def test_declared_parameters_with_fitting_values_are_accepted(given):
    check_parameters(SERVICE, given)


@pytest.mark.parametrize(
    "given", [{"unknown": 1}, {"source": "salt4"}, {"source": ["salt2"]}, {"fix_z": "yes"}, {"model": None}]
)
def test_others_are_refused_by_name(given):
    with pytest.raises(BadRequest) as refused:
        check_parameters(SERVICE, {"degree": 1, **given})
    assert refused.value.message.startswith("Invalid analysis_parameters: {")
    assert refused.value.message.endswith("}.")
    assert repr(next(iter(given))) in refused.value.message
    assert "degree" not in refused.value.message
