"""A module beside a service, which knows what process has loaded it."""

import os

PROCESS = os.getpid()
