"""What the embedded AWS creates in itself is what everybody would create in it over HTTP."""

import re

import pytest
from botocore.exceptions import ClientError
from moto.dynamodb.models import dynamodb_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sqs.models import sqs_backends

from infra.local.aws import in_process
from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.resources import create_missing

OF_EACH = re.compile(
    r"inside|outside|0x[0-9a-f]+|[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{64}\b|-webhook-\w{6}"
    r"|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*|\b1[6-9]\d{8}(\.\d+)?\b|b'.*?'|b\".*?\""
)
"""Names, identifiers, secrets and times."""


def facts(thing):
    """What moto keeps of a resource, without what no two have in common."""
    return {name: OF_EACH.sub("…", str(value)) for name, value in vars(thing).items()}


def kept(prefix):
    """All resources of a prefix."""
    secret = secretsmanager_backends[ACCOUNT_ID][REGION].secrets[f"{prefix}-webhook"]
    [key] = [
        key for key in kms_backends[ACCOUNT_ID][REGION].keys.values() if f"alias/{prefix}-credentials" in key.aliases
    ]
    of_services = (
        dynamodb_backends[ACCOUNT_ID][REGION].tables,
        sqs_backends[ACCOUNT_ID][REGION].queues,
        s3_backends[ACCOUNT_ID]["aws"].buckets,
    )
    named = [thing for things in of_services for name, thing in things.items() if name.startswith(f"{prefix}-")]
    return [facts(thing) for thing in (*named, key, secret)]


def test_what_is_created_inside_is_what_is_created_over_http(stack):
    outside = create_missing("outside", ACCOUNT_ID, REGION)
    inside = create_missing("inside", ACCOUNT_ID, REGION, client=in_process.client)

    assert inside == outside
    assert len(kept("inside")) == len(inside) == 25
    assert kept("inside") == kept("outside")


def test_each_finds_what_the_other_created(stack):
    create_missing("outside-2", ACCOUNT_ID, REGION)
    create_missing("inside-2", ACCOUNT_ID, REGION, client=in_process.client)

    assert create_missing("outside-2", ACCOUNT_ID, REGION, client=in_process.client) == []
    assert create_missing("inside-2", ACCOUNT_ID, REGION) == []


def test_what_moto_refuses_is_refused(stack):
    with pytest.raises(ClientError, match="ValidationException"):
        in_process.client("kms").create_alias(AliasName="no-alias", TargetKeyId="none")
    create_missing("inside-3", ACCOUNT_ID, REGION, {"DynamoDB"}, in_process.client)
    with pytest.raises(ClientError, match="ResourceInUseException"):
        in_process.client("dynamodb").create_table(
            TableName="inside-3-registry",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
