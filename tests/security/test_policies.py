"""Each function may do what it does and nothing else.

That nothing is missing holds in every test (`_permitted` in tests/conftest.py), that nothing is unused at the end of a
run of them all (tests/support/whole_suite.py); here is what the policies must be like whatever was used.
"""

import json

import pytest

from tests.support.functions import queues_of_functions
from tests.support.policies import CONSUME, LOG, POLICIES, Access, Grant, functions, grants_of, statements_of

CONFIG = json.loads((POLICIES / "config.json").read_text())
FUNCTIONS = functions()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_action_is_a_wildcard_and_no_resource_is_everything(function):
    """What wildcards there are is explained in .chalice/README.md: prefix, region and account of the deployment."""
    for grant in grants_of(function):
        assert "*" not in grant.action
        service, _, name = grant.resource.removeprefix("arn:aws:").partition(":")
        assert name.startswith(("*:*:", "::"))
        own = name.removeprefix("*:*:").removeprefix("::")
        assert "siderostat" in own or (service == "kms" and own == "key/*"), grant


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nothing_is_granted_twice(function):
    assert len(set(grants_of(function))) == len(grants_of(function))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_lambda_itself_may_write_the_log_and_take_messages_out_of_the_functions_own_queue(function):
    granted = set(grants_of(function))
    queue = f"arn:aws:sqs:*:*:siderostat*-{function}"

    assert {grant for grant in granted if grant.action.startswith("logs:")} == {
        Grant(action, "arn:aws:logs:*:*:log-group:/aws/lambda/siderostat-*") for action in LOG
    }
    assert {grant for grant in granted if grant.action in CONSUME and grant.resource == queue} == {
        Grant(action, queue) for action in CONSUME if function in queues_of_functions()
    }


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_key_may_be_used_through_our_alias_and_for_a_named_owner_only(function):
    for statement in statements_of(function):
        if any(action.startswith("kms:") for action in statement["Action"]):
            condition = statement["Condition"]
            assert condition["ForAnyValue:StringLike"] == {"kms:ResourceAliases": "alias/siderostat*-credentials"}
            assert condition["StringLike"]["kms:EncryptionContext:owner"]


def test_only_functions_that_send_open_credentials():
    opening = {function for function in FUNCTIONS if any(g.action == "kms:Decrypt" for g in grants_of(function))}

    assert opening == {"dispatch", "embed", "events", "relay", "summarize"}


def test_every_function_has_one_policy_file_and_every_file_one_function():
    for stage in CONFIG["stages"].values():
        assert {name: function["iam_policy_file"] for name, function in stage["lambda_functions"].items()} == {
            name: f"policy-{name}.json" for name in FUNCTIONS
        }


def test_a_policy_fits_the_role_that_holds_it():
    """10 240 characters of inline policies a role: IAM quotas, white space not counted."""
    for function in FUNCTIONS:
        text = (POLICIES / f"policy-{function}.json").read_text()
        assert len("".join(text.split())) < 10_240


def test_the_comparison_notices_what_is_missing():
    grant = Grant("s3:GetObject", "arn:aws:s3:::siderostat*/data/*")

    assert grant.allows(Access("s3:GetObject", "arn:aws:s3:::siderostat-1/data/x"))
    assert not grant.allows(Access("s3:GetObject", "arn:aws:s3:::siderostat-1/inputs/x"))
    assert not grant.allows(Access("s3:PutObject", "arn:aws:s3:::siderostat-1/data/x"))
    assert not Grant("s3:ListBucket", "*", "incoming/*").allows(Access("s3:ListBucket", "b", "products/1/"))
    assert not Grant("s3:ListBucket", "*", "incoming/*").allows(Access("s3:ListBucket", "b"))
