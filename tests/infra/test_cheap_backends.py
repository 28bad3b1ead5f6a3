"""What moto keeps of an account and a region is made when it is first asked for, and found from then on."""

import pytest
from moto.core.base_backend import BackendDict
from moto.sqs.models import SQSBackend

from infra.local.aws.account import ACCOUNT_ID


@pytest.fixture
def backends(stack):
    """moto's for queues, as they are before anybody has asked, and forgotten afterwards."""
    made = BackendDict(SQSBackend, "sqs")
    yield made
    BackendDict._instances = [one for one in BackendDict._instances if one is not made]


def test_it_is_made_once_for_each_account_and_region(backends):
    first = backends[ACCOUNT_ID]["us-east-1"]

    assert isinstance(first, SQSBackend)
    assert backends[ACCOUNT_ID]["us-east-1"] is first
    assert {first.account_id, first.region_name} == {ACCOUNT_ID, "us-east-1"}
    assert backends[ACCOUNT_ID]["eu-west-1"] is not first
    assert backends["210987654321"]["us-east-1"] is not first
    assert list(backends[ACCOUNT_ID]) == ["us-east-1", "eu-west-1"]
    assert any(one is backends for one in BackendDict._instances)


def test_no_backend_is_made_of_a_region_that_does_not_exist(backends):
    with pytest.raises(KeyError):
        backends[ACCOUNT_ID]["nowhere-1"]


def test_it_is_made_anew_after_it_was_forgotten(backends):
    first = backends[ACCOUNT_ID]["us-east-1"]
    backends.clear()

    assert backends[ACCOUNT_ID]["us-east-1"] is not first
