"""Makes the start of a worker quicker."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import cast

_UNUSED = "scipy.stats"
"""emcee loads it for a kind of move that is not made here, and does without where it is not to be had."""


@contextmanager
def quick_imports() -> Iterator[None]:
    """Load libraries in the body: what they bring stays, so that nothing looks for garbage in it, now or later."""
    gc.disable()
    sys.modules.setdefault(_UNUSED, cast("ModuleType", None))
    try:
        yield
    finally:
        if sys.modules[_UNUSED] is None:
            del sys.modules[_UNUSED]
        gc.freeze()
        gc.enable()
