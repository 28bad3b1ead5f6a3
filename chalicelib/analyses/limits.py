"""How many there may be, and how long a request may take."""

MAX_GROUPS = 90
"""Groups that one analysis may be shared with: the run, its counts and an item a group fit one transaction."""

LONGEST_WAIT_SECONDS = 25
"""That a request may wait for the end of a run: what is left of the gateway's 29 s is for reading before and after."""

MOST_OBJECTS = 10_000
"""Objects of one batch."""
