"""Where libraries keep what they have worked out, also on a machine on which nobody can write to the home folder."""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path


@cache
def cache_settings() -> dict[str, str]:
    """Return what a process needs in its environment; nothing if the usual folder can be used.

    Without it matplotlib looks for all fonts again in each worker. The folder made here ends with this process.
    """
    if _is_writable():
        return {}
    folder = tempfile.mkdtemp(prefix="sn-fitter-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return {"XDG_CACHE_HOME": folder, "MPLCONFIGDIR": folder}


def _is_writable() -> bool:
    try:
        usual = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        usual.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=usual):
            return True
    except (OSError, RuntimeError):  # the latter if there is no home at all
        return False
