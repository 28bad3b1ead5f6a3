import uuid

import boto3
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from chalicelib import memory
from chalicelib.analyses.run import webhook_token
from chalicelib.settings import settings
from tests.support.aws_calls import recorded_aws_calls

pytestmark = pytest.mark.usefixtures("stack")

run_ids = st.integers(0, 2**53 - 1)


@given(run_ids)
@profile(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_token_is_a_lower_case_uuid4_that_leads_back_to_its_run(run_id):
    token = webhook_token.token_of(run_id)
    assert uuid.UUID(token).version == 4
    assert uuid.UUID(token).variant == uuid.RFC_4122
    assert token == str(uuid.UUID(token))
    assert webhook_token.run_of(token) == run_id


@given(run_ids, st.integers(0, 121))
@profile(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_token_with_any_bit_changed_is_unknown(run_id, position):
    value = uuid.UUID(webhook_token.token_of(run_id)).int
    free = [bit for bit in range(128) if bit not in (62, 63, 76, 77, 78, 79)]
    assert webhook_token.run_of(str(uuid.UUID(int=value ^ 1 << free[position]))) is None


OTHERS = ["5a601946-30dd-45f7-93f0-1362a01758b1", "81d25e06-e672-11f1-a708-02fc00000001", "0" * 36]


@pytest.mark.parametrize("text", ["", "x", "a" * 10_000, "../../etc/passwd", "é" * 36, *OTHERS])
def test_what_we_did_not_make_is_unknown(text):
    assert webhook_token.run_of(text) is None


def test_the_upper_case_form_is_not_the_token():
    assert webhook_token.run_of(webhook_token.token_of(5).upper()) is None


def test_a_token_from_before_one_rotation_is_still_accepted_and_from_before_two_is_not():
    manager = boto3.client("secretsmanager")
    before = webhook_token.token_of(7)
    manager.put_secret_value(SecretId=settings().webhook_secret, SecretString="b" * 64)
    memory.forget()
    assert webhook_token.token_of(7) != before
    assert webhook_token.run_of(before) == 7
    manager.put_secret_value(SecretId=settings().webhook_secret, SecretString="c" * 64)
    memory.forget()
    assert webhook_token.run_of(before) is None


def test_a_process_that_has_not_seen_a_rotation_accepts_what_was_made_after_it():
    manager = boto3.client("secretsmanager")
    before = webhook_token.token_of(7)
    kept = dict(webhook_token._secrets._entries)
    manager.put_secret_value(SecretId=settings().webhook_secret, SecretString="d" * 64)
    memory.forget()
    after = webhook_token.token_of(7)
    webhook_token._secrets._entries.update(kept)

    assert webhook_token.run_of(after) == 7
    assert webhook_token.run_of(before) == 7


def test_a_flood_of_made_up_tokens_is_no_flood_of_questions():
    webhook_token.token_of(7)
    with recorded_aws_calls() as calls:
        assert {webhook_token.run_of(str(uuid.uuid4())) for _ in range(20)} == {None}
    assert len(calls) <= 6  # two secrets, once a second
