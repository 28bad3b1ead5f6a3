"""The newest runs on an object: of each service, and of each group among those that others do not see."""

from typing import Any, Self

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.operand import Path
from pynamodb.models import Model

from chalicelib import transactions
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.run import Run
from chalicelib.settings import settings

_SERVICE = "s"
_GROUP = "g"


class Newest(Model):
    """The newest run of each service on an object; beside the `RunCount`s.

    An attribute `s<service>` holds the id of the newest run that everybody sees who can read the object, and
    `s<service>g<group>` that of the newest one among those that the group has to itself: each is set by whoever starts
    one, without looking at the others, and set back when that one is deleted (upkeep/newest.py).
    """

    class Meta:
        """The table."""

        table_name = settings().table("sources")
        region = None

    SK = "~newest"

    obj_id = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default=SK)

    runs: dict[tuple[int, int | None], int]
    """Ids by service and group; None for those that everybody sees."""

    def seen_by(self, caller: Caller) -> list[int]:
        """Return the ids of the runs that a reader of the object sees, newest first."""
        return sorted(
            (number for (_, group_id), number in self.runs.items() if group_id is None or caller.reaches({group_id})),
            reverse=True,
        )

    @classmethod
    def noting(cls, run: Run) -> list[Any]:
        """Return the actions that note a new run."""
        groups = [None] if run.public_obj_id is not None else sorted(run.group_ids)
        return [Path(_name(run.service_id, group)).set({"N": str(run.id)}) for group in groups]

    @classmethod
    def where(cls, obj_id: str, number: int) -> list[tuple[int, int | None]]:
        """Return the service and group for which a run is noted as the newest on an object; one call."""
        try:
            item = cls.get(obj_id, cls.SK, consistent_read=True)
        except cls.DoesNotExist:
            return []
        return [place for place, noted in item.runs.items() if noted == number]

    @classmethod
    def replace(cls, obj_id: str, place: tuple[int, int | None], old: int, new: int | None) -> bool:
        """Note another run for a service and group, or none; False if the old one is noted no longer."""
        noted = Path(_name(*place))
        action = noted.remove() if new is None else noted.set({"N": str(new)})
        return transactions.holds(
            lambda: cls(obj_id, cls.SK).update(actions=[action], condition=noted == {"N": str(old)})
        )

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Self:
        """Read an item with all its attributes, whatever they are called."""
        item = super().from_raw_data(data)
        named = ((name, value["N"]) for name, value in data.items() if "N" in value)
        item.runs = {_key(name): int(number) for name, number in named}
        return item


def _name(service_id: int, group_id: int | None) -> str:
    return f"{_SERVICE}{service_id}" if group_id is None else f"{_SERVICE}{service_id}{_GROUP}{group_id}"


def _key(name: str) -> tuple[int, int | None]:
    service, _, group = name.removeprefix(_SERVICE).partition(_GROUP)
    return int(service), int(group) if group else None
