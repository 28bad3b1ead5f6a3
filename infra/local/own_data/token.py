"""The token with which the commands call the API."""

import os
from pathlib import Path

from infra.local.aws.kept.folder import TOKEN
from infra.local.errors import StackError

VARIABLE = "SIDEROSTAT_TOKEN"


def token_of(given: str | None, data: Path | None) -> str:
    """Return the token that was given, that of the environment, or that of an installation's folder.

    Raises
    ------
    StackError
        There is none.
    """
    token = given or os.environ.get(VARIABLE)
    if token:
        return token
    if data is not None and (data / TOKEN).is_file():
        return (data / TOKEN).read_text().strip()
    raise StackError(f"No token: give --token, set {VARIABLE}, or name the installation's folder with --data.")
