"""Counts the AWS calls that this process makes."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.client import BaseClient


@contextmanager
def recorded_aws_calls() -> Iterator[list[str]]:
    """Give a list that grows by the name of each operation, such as "GetItem", of boto3 and PynamoDB alike."""
    calls: list[str] = []
    original = BaseClient._make_api_call

    def recording(self, operation_name, api_params):
        calls.append(operation_name)
        return original(self, operation_name, api_params)

    BaseClient._make_api_call = recording
    try:
        yield calls
    finally:
        BaseClient._make_api_call = original
