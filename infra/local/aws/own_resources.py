"""What the embedded AWS creates in itself before anybody asks it for anything."""

import hashlib
from pathlib import Path

from chalicelib.settings import Settings
from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.kept import folder
from infra.local.aws.resources import TEMPLATE, create_missing


def create(data: Path | None) -> None:
    """Create what is missing yet, over HTTP as everybody; a folder remembers that it has everything."""
    prefix = Settings().prefix
    if data is None:
        create_missing(prefix, ACCOUNT_ID, REGION)
        return
    memory, known = data / folder.RESOURCES, f"{hashlib.sha256(TEMPLATE.read_bytes()).hexdigest()} {prefix}\n"
    if not memory.exists() or memory.read_text() != known:
        create_missing(prefix, ACCOUNT_ID, REGION)
        folder.write_private(memory, known)
