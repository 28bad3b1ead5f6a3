"""What lies in the tables of the embedded AWS, as text to search for what must not be there."""

import json

from moto.dynamodb.models import dynamodb_backends


def stored_text() -> str:
    """Return every item of every table."""
    tables = [
        table
        for account in dynamodb_backends.values()
        for region in account.values()
        for table in region.tables.values()
    ]
    return json.dumps([item.to_json() for table in tables for item in table.all_items()], default=str)
