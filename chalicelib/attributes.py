"""Attribute types that all tables share."""

import json
from datetime import datetime
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.constants import NUMBER, NUMBER_SET, STRING

from chalicelib import clients, clock  # noqa: F401 - for the client that all tables share


def compact_json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return JSON without spaces; half of a surrogate pair, which has no UTF-8, makes it keep to ASCII."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


class IntegerAttribute(Attribute[int]):
    """An integer; PynamoDB's own attribute is typed as a float."""

    attr_type = NUMBER

    def serialize(self, value: int) -> str:
        """Return decimal digits."""
        return str(int(value))

    def deserialize(self, value: str) -> int:
        """Return an integer."""
        return int(value)


class IntegerSetAttribute(Attribute[set[int]]):
    """A set of integers; DynamoDB has no empty set, so an empty one is not stored."""

    attr_type = NUMBER_SET
    null = True

    def serialize(self, value: set[int]) -> list[str] | None:
        """Return decimal digits, None for an empty set."""
        return [str(int(number)) for number in value] or None

    def deserialize(self, value: list[str]) -> set[int]:
        """Return integers."""
        return {int(number) for number in value}


class FloatAttribute(Attribute[float]):
    """A float, stored by its repr: DynamoDB gives 50.0 back as 50, PynamoDB's own attribute then returns an int."""

    attr_type = NUMBER

    def serialize(self, value: float) -> str:
        """Return the shortest text that reads back as the same float."""
        return repr(float(value))

    def deserialize(self, value: str) -> float:
        """Return a float, also for what comes back without a decimal point."""
        return float(value)


class TimeAttribute(Attribute[datetime]):
    """Naive UTC, stored as ISO 8601 text with microseconds, so that text order is time order."""

    attr_type = STRING

    def serialize(self, value: datetime) -> str:
        """Return ISO 8601."""
        return clock.iso(value)

    def deserialize(self, value: str) -> datetime:
        """Return naive UTC."""
        return clock.parse(value)


class JsonAttribute(Attribute[Any]):
    """A free-form value, stored as JSON text: DynamoDB's own maps change numbers and refuse NaN."""

    attr_type = STRING

    def serialize(self, value: Any) -> str:  # noqa: ANN401 - any JSON value
        """Return JSON text."""
        return compact_json(value)

    def deserialize(self, value: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value."""
        return json.loads(value)
