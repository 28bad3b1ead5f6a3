"""The instruments of a portal, found here by their names, or made."""

from collections.abc import Collection
from typing import Any

from chalicelib.http.parsing import validated
from chalicelib.outgoing.get import NotRead
from chalicelib.relay.pull.portal import Portal
from chalicelib.sources.items.instrument import Instrument
from chalicelib.sources.items.telescope import Telescope
from chalicelib.sources.records.facilities import InstrumentPost, TelescopePost, add_instrument, add_telescope

_KINDS = {"imager", "spectrograph", "imaging spectrograph"}


class Instruments:
    """Grows as the rows of a source are looked at."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._here = {item.name: item for item in Instrument.all()}
        self._known: dict[str, dict[str, Any]] = {}

    def of_row(self, row: dict[str, Any], filters: Collection[str] = ()) -> Instrument | None:
        """Return the instrument here of a row of the portal; None if the row names none.

        `filters` are those that are known to be used with it, should the portal not say which it has.
        """
        name = self._name(row)
        if not isinstance(name, str) or not name:
            return None
        if name not in self._here:
            self._here[name] = self._made(name, row.get("instrument_id"), filters)
        return self._here[name]

    def _name(self, row: dict[str, Any]) -> object:
        within = row.get("instrument")
        named = row.get("instrument_name") or (within.get("name") if isinstance(within, dict) else None)
        return named or self._there(row.get("instrument_id")).get("name")

    def _there(self, number: object) -> dict[str, Any]:
        """Return what the portal says of an instrument, once; nothing if it does not."""
        if number is None:
            return {}
        if str(number) not in self._known:
            try:
                told = self._portal.read("instrument", number)
            except NotRead:
                told = None
            self._known[str(number)] = told if isinstance(told, dict) else {}
        return self._known[str(number)]

    def _made(self, name: str, number: object, filters: Collection[str]) -> Instrument:
        """Make an instrument like the portal's."""
        there = self._there(number)
        telescope = there.get("telescope") if isinstance(there.get("telescope"), dict) else {}
        wanted = {
            "name": name,
            "type": there.get("type") if there.get("type") in _KINDS else "imager",
            "telescope_id": _telescope(telescope or {}, name),
            "filters": there.get("filters") or sorted(filters),
        }
        made = Instrument.find(add_instrument(validated(InstrumentPost, wanted)))
        if made is None:
            raise RuntimeError("an instrument was made, and is not there")
        return made


def _telescope(there: dict[str, Any], instrument: str) -> int:
    """Return a telescope of that name here, or make one; a nameless one is called after its instrument."""
    name = str(there.get("name") or f"Telescope of {instrument}")
    found = next((item for item in Telescope.all() if item.name == name), None)
    if found is not None:
        return found.id
    kept = {key: there.get(key) for key in ("nickname", "diameter", "lat", "lon", "elevation")}
    return add_telescope(validated(TelescopePost, {"name": name, **kept}))
