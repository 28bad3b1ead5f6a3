"""Bodies on their way through the local gateway, which hands over large ones as they are."""

import pytest

from tests.support.api import Api


@pytest.mark.parametrize("size", [10, 100_000, 1_000_000])
def test_a_body_of_any_size_reaches_the_application(stack, size):
    answer = Api(None).post("/api/webhook/obj_analysis/none", raw=b'"' + b"x" * size + b'"')
    assert answer.status in {400, 403}
    assert "API Gateway" not in answer.json["message"]
