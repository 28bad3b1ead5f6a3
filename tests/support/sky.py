"""Sources and photometry for tests, through the HTTP API."""

import itertools
from dataclasses import dataclass, field, replace
from typing import Any

from tests.support.api import Api
from tests.support.people import make_group, make_user
from tests.support.scene import make_instrument

FILTERS = ["ztfg", "ztfr", "sdssr", "bessellv"]

_numbers = itertools.count(1)


def make_source(api: Api, obj_id: str | None = None, **fields: Any) -> str:
    """Save a source to the caller's groups and return its id."""
    obj_id = obj_id or f"ZTF26zz{next(_numbers):06d}"
    assert api.post("/api/sources", {"id": obj_id, "ra": 202.5, "dec": 13.4, **fields}).status == 200
    return obj_id


@dataclass(frozen=True)
class Sky:
    """One group, one user in it, one instrument, one source."""

    admin: Api
    group_id: int
    user: Api
    instrument_id: int
    obj_id: str
    _people: dict[tuple[str, ...], Api] = field(default_factory=dict)

    def with_source(self, obj_id: str) -> "Sky":
        """The same people with another source."""
        return replace(self, obj_id=obj_id)

    @property
    def source(self) -> str:
        return f"/api/sources/{self.obj_id}"

    def member(self, *roles: str) -> Api:
        """Another member of the group: the same one for the same roles."""
        wanted = roles or ("Full user",)
        if wanted not in self._people:
            self._people[wanted] = make_user(self.admin, wanted, groups=[self.group_id])
        return self._people[wanted]

    def outsider(self) -> Api:
        """Somebody in another group: always the same."""
        if () not in self._people:
            self._people[()] = make_user(self.admin, groups=[make_group(self.admin)])
        return self._people[()]

    def points(self, **columns: Any) -> dict[str, Any]:
        """A post of two detections and a non-detection in fluxes, changed by `columns`."""
        return {
            "obj_id": self.obj_id,
            "instrument_id": self.instrument_id,
            "mjd": [59000.5, 59001.5, 59002.5],
            "filter": ["ztfg", "ztfr", "ztfg"],
            "flux": [100.0, 200.0, None],
            "fluxerr": [5.0, 4.0, 3.0],
            "zp": 23.9,
            "magsys": "ab",
            **columns,
        }

    def upload(self, api: Api | None = None, **columns: Any) -> list[int]:
        """Post photometry and return the ids."""
        return (api or self.user).post("/api/photometry", self.points(**columns)).data["ids"]

    def photometry(self, api: Api | None = None, **query: Any) -> list[dict[str, Any]]:
        return (api or self.user).get(f"{self.source}/photometry", **query).data

    def statistics(self) -> dict[str, Any]:
        return self.user.get(f"{self.source}/phot_stat").data


def make_sky(admin: Api) -> Sky:
    """Build the usual beginning of a test."""
    group_id = make_group(admin)
    user = make_user(admin, groups=[group_id])
    return Sky(admin, group_id, user, make_instrument(user, FILTERS), "")
