"""What higher rooms add to a source when a query asks for it: they are not imported here, but say so themselves."""

from collections.abc import Callable, Mapping, Sequence

from chalicelib.accounts.caller import Caller

INCLUDES: dict[str, Callable[[Caller, str], object]] = {}
"""By the field's name: `analyses` is there with ?includeAnalyses=true."""

STATES: dict[str, Callable[[Caller, Sequence[str]], Mapping[str, str]]] = {}
"""What the list of sources is narrowed by: `newest_analysis` is its state on each of up to a hundred sources."""
