"""What UWS knows of a job beside its analysis: one that was not started yet, and what a client calls it."""

import time
from datetime import UTC, datetime, timedelta

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib import clock
from chalicelib.attributes import IntegerAttribute, JsonAttribute
from chalicelib.http.errors import BadRequest
from chalicelib.registry import RegistryItem, sort_key

MOST = 100
"""Drafts of one user for one service."""

MOST_BYTES = 30_000
"""Of the parameters of one."""

LIFETIME, LONGEST_LIFETIME = timedelta(days=1), timedelta(days=7)


class Draft(RegistryItem):
    """A job of a user; its id is the one that its analysis has, as soon as there is one."""

    obj_id = UnicodeAttribute(null=True)
    parameters = JsonAttribute(default=dict)
    """As text, by name, as they were sent."""
    run_name = UnicodeAttribute(null=True)
    """The client's RUNID."""
    is_started = BooleanAttribute(default=False)
    is_aborted = BooleanAttribute(default=False)
    expires = IntegerAttribute()
    """Unix time of its destruction; of the analysis itself nothing is destroyed by it."""

    @staticmethod
    def key(user_id: int, service_id: int, job_id: int) -> tuple[str, str]:
        """Return the key of a job."""
        return f"uws#{user_id}", f"{sort_key(service_id)}#{sort_key(job_id)}"

    @property
    def id(self) -> int:
        """The id of the job."""
        return int(str(self.sk).rpartition("#")[2])

    @property
    def destruction(self) -> datetime:
        """When it is destroyed."""
        return datetime.fromtimestamp(self.expires, UTC).replace(tzinfo=None)

    @property
    def is_gone(self) -> bool:
        """Whether its time is over; DynamoDB removes it some time later."""
        return bool(self.expires <= time.time())

    @classmethod
    def find(cls, user_id: int, service_id: int, job_id: int) -> "Draft | None":
        """Read a job."""
        try:
            found = cls.get(*cls.key(user_id, service_id, job_id), consistent_read=True)
        except cls.DoesNotExist:
            return None
        return None if found.is_gone else found

    @classmethod
    def of_service(cls, user_id: int, service_id: int) -> list["Draft"]:
        """Read the jobs of a user for a service, newest first."""
        prefix = cls.sk.startswith(f"{sort_key(service_id)}#")
        found = cls.query(f"uws#{user_id}", prefix, consistent_read=True, scan_index_forward=False)
        return [draft for draft in found if not draft.is_gone]


def expiry(moment: datetime | None = None) -> int:
    """Return the Unix time of a destruction: as asked for, but not later than is allowed.

    Raises
    ------
    BadRequest
        The moment is over.
    """
    now = clock.now()
    chosen = now + LIFETIME if moment is None else min(moment, now + LONGEST_LIFETIME)
    if chosen <= now:
        raise BadRequest("DESTRUCTION must be in the future; DELETE removes a job at once.")
    return int(chosen.replace(tzinfo=UTC).timestamp())
