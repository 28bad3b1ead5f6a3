"""Botocore's models of the services, found without a look at those of all the others."""

import os
from pathlib import Path

import botocore.session
from botocore.loaders import Loader, instance_cache


class ServiceModels(Loader):
    """Knows a service by its folder.

    Botocore looks into each of its four hundred folders, twice, for which of them have a model: a sixth of the time in
    which our clients are made.
    """

    @classmethod
    def take_over(cls, session: botocore.session.Session) -> None:
        """Let a session load its models so, also from where its configuration names others."""
        places = session.get_config_variable("data_path") or ""
        paths = [str(Path(os.path.expandvars(path)).expanduser()) for path in places.split(os.pathsep) if path]
        session.register_component("data_loader", cls(extra_search_paths=paths))

    @instance_cache
    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's
        """Return all that may be services."""
        folders = [path for path in map(Path, self.search_paths) if path.is_dir()]
        return sorted({entry.name for folder in folders for entry in os.scandir(folder)})
