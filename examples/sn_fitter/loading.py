"""Makes the start of a worker quicker: imported before the libraries that it loads, and ended when they are there."""

import gc
import sys
from types import ModuleType
from typing import cast

_UNUSED = "scipy.stats"
"""emcee loads it for a kind of move that is not made here, and does without where it is not to be had."""

# What is loaded stays: to search it for garbage again and again takes a sixth of the time.
gc.disable()
sys.modules.setdefault(_UNUSED, cast("ModuleType", None))


def end() -> None:
    """Let what was kept from happening happen again, but leave what is there out of the search for garbage."""
    if sys.modules.get(_UNUSED) is None:
        sys.modules.pop(_UNUSED, None)
    gc.freeze()
    gc.enable()
