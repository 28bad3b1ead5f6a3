"""What the embedded AWS creates in itself before anybody asks it for anything."""

import hashlib
from pathlib import Path

from chalicelib.settings import Settings
from infra.local.aws import in_process
from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.embedded_aws import EmbeddedAws
from infra.local.aws.kept import folder
from infra.local.aws.resources import TEMPLATE, create_missing


def create(aws: EmbeddedAws, data: Path | None) -> None:
    """Create what is missing yet; a folder remembers that it has everything.

    Raises
    ------
    NotKept
        The folder cannot be written.
    """
    prefix = Settings().prefix
    if data is None:
        _create(aws, prefix)
        return
    memory, known = data / folder.RESOURCES, f"{hashlib.sha256(TEMPLATE.read_bytes()).hexdigest()} {prefix}\n"
    if not memory.exists() or memory.read_text() != known:
        _create(aws, prefix)
        folder.write_private(memory, known)


def _create(aws: EmbeddedAws, prefix: str) -> None:
    with aws.kept():
        create_missing(prefix, ACCOUNT_ID, REGION, client=in_process.client)
