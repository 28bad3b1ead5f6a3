"""The sources and services that runs belong to, read together and each only once."""

from collections.abc import Iterable

from chalicelib import transactions
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.model import Run
from chalicelib.services.model import SERVICE_SK, Service
from chalicelib.sources.access import may_read
from chalicelib.sources.model import SOURCE_SK, Source

Key = tuple[type[Source] | type[Service], str | int, str]


class Neighbours:
    """Grows as runs are looked at."""

    def __init__(self) -> None:
        self._sources: dict[str, Source | None] = {}
        self._services: dict[int, Service | None] = {}

    def learn(self, runs: Iterable[Run]) -> None:
        """Read what belongs to these runs and is not known yet: one call for up to 100 sources and services."""
        runs = list(runs)
        objects = sorted({run.obj_id for run in runs} - set(self._sources))
        services = sorted({run.service_id for run in runs} - set(self._services))
        wanted: list[Key] = [(Source, obj_id, SOURCE_SK) for obj_id in objects]
        wanted += [(Service, service_id, SERVICE_SK) for service_id in services]
        for start in range(0, len(wanted), transactions.MOST_ITEMS):
            self._read(wanted[start : start + transactions.MOST_ITEMS])

    def service(self, run: Run) -> Service | None:
        """Return the service of a run, or None if it is gone."""
        return self._services.get(run.service_id)

    def readable(self, caller: Caller, run: Run) -> bool:
        """Say whether the caller can read the source of a run."""
        source = self._sources.get(run.obj_id)
        return source is not None and may_read(caller, source)

    def _read(self, keys: list[Key]) -> None:
        futures = transactions.read(lambda reading: [reading.get(*key) for key in keys])
        for (model, key, _), future in zip(keys, futures, strict=True):
            try:
                item: Source | Service | None = future.get()
            except model.DoesNotExist:
                item = None
            if isinstance(key, int):
                self._services[key] = item if isinstance(item, Service) else None
            else:
                self._sources[key] = item if isinstance(item, Source) else None
