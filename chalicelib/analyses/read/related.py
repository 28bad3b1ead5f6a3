"""The sources and services that runs belong to, read together and each only once."""

from collections.abc import Iterable

from chalicelib import transactions
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.restricted import Restricted
from chalicelib.analyses.items.run import Run
from chalicelib.services.items.service import SERVICE_SK, Service
from chalicelib.sources.items.source import SOURCE_SK, Source
from chalicelib.sources.source.access import may_read


class Related:
    """Grows as runs are looked at."""

    def __init__(self) -> None:
        self._sources: dict[str, Source | None] = {}
        self._services: dict[int, Service | None] = {}
        self._restricted: dict[str, Restricted | None] = {}

    def learn(self, runs: Iterable[Run], obj_id: str | None = None) -> None:
        """Read what belongs to these runs and is not known yet: one call for up to 100 sources and services of 4 MB.

        With an object, its source is read too, and which groups have runs on it to themselves.
        """
        runs = list(runs)
        asked = set() if obj_id is None else {obj_id}
        objects = sorted(({run.obj_id for run in runs} | asked) - set(self._sources))
        services = sorted({run.service_id for run in runs} - set(self._services))
        wanted: list[transactions.Key] = [(Source, obj_id, SOURCE_SK) for obj_id in objects]
        wanted += [(Service, service_id, SERVICE_SK) for service_id in services]
        wanted += [(Restricted, asked_id, Restricted.SK) for asked_id in asked - set(self._restricted)]
        self._read(wanted)

    def learn_objects(self, obj_ids: Iterable[str]) -> None:
        """Read these sources, as far as they are not known yet: one call for a hundred."""
        self._read([(Source, obj_id, SOURCE_SK) for obj_id in sorted(set(obj_ids) - set(self._sources))])

    def service(self, run: Run) -> Service | None:
        """Return the service of a run, or None if it is gone."""
        return self._services.get(run.service_id)

    def is_hidden(self, run: Run) -> bool:
        """Say whether a run's service was deleted: its analyses are hidden from that moment."""
        service = self.service(run)
        return service is not None and bool(service.deleted_at)

    def readable(self, caller: Caller, obj_id: str) -> bool:
        """Say whether the caller can read a source."""
        source = self._sources.get(obj_id)
        return source is not None and may_read(caller, source)

    def readable_run(self, caller: Caller, run: Run) -> bool:
        """Say whether a member of the groups of a run reads it: as its source, if it has not come through a relay."""
        return run.relay_id is not None or self.readable(caller, run.obj_id)

    def restricted_to(self, obj_id: str) -> set[int]:
        """Return the groups that have runs on an object to themselves."""
        restricted = self._restricted.get(obj_id)
        return set() if restricted is None else restricted.group_ids

    def _read(self, keys: list[transactions.Key]) -> None:
        for (model, key, _), item in zip(keys, transactions.read_all(keys), strict=True):
            if isinstance(key, int):
                self._services[key] = item if isinstance(item, Service) else None
            elif model is Restricted:
                self._restricted[key] = item if isinstance(item, Restricted) else None
            else:
                self._sources[key] = item if isinstance(item, Source) else None
