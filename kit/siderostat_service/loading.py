"""What a fork server loads first: it says where all else is found, and lets nothing look for garbage meanwhile."""

import gc
import os
import sys

from siderostat_service.runs import PATH

if PATH in os.environ:
    sys.path[:] = os.environ.pop(PATH).split(os.pathsep)
gc.disable()
