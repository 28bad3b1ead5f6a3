"""Finds what moto keeps of an account and a region by a look into its dictionaries.

moto asks each time, under a lock and of a list of everything in use, whether it has made it; a call of DynamoDB asks
three times.
"""

from typing import Any

from moto.core.base_backend import AccountSpecificBackend, BackendDict

_of_account = BackendDict.__getitem__
_of_region = AccountSpecificBackend.__getitem__


def install() -> None:
    """Find it so from now on."""
    BackendDict.__getitem__ = _account
    AccountSpecificBackend.__getitem__ = _region


def _account(backends: Any, account: str) -> Any:  # noqa: ANN401 - moto has no types
    found = dict.get(backends, account)
    return _of_account(backends, account) if found is None else found


def _region(backends: Any, region: str) -> Any:  # noqa: ANN401 - same
    found = dict.get(backends, region)
    return _of_region(backends, region) if found is None else found
