"""What a function never reads is left out of its package."""

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

AWS_SERVICES = frozenset({"dynamodb", "kms", "lambda", "s3", "secretsmanager", "sqs", "ssm", "sts"})
"""Whose descriptions botocore reads here; it makes its clients from them."""

_UNUSED_ANYWHERE = ("__pycache__", "tests", "include")
_UNUSED_AT_THE_TOP = ("bin", "pip", "setuptools", "wheel")
_UNUSED_FILES = (
    "RECORD",
    "INSTALLER",
    "REQUESTED",
    "uv_cache.json",
    ".lock",
    "*.pyi",
    "*.pyx",
    "*.pxd",
    "*.c",
    "*.h",
    "examples-1.json*",
)
_DESCRIPTIONS = ("*/*/service-2.json.gz", "*/*/endpoint-rule-set-1.json.gz")
_NEEDED = frozenset({"astropy/tests"})
"""astropy imports it."""


def slim(folder: Path) -> None:
    """Remove tests, tools of installation, and what botocore knows of services that are never called.

    How botocore finds its descriptions stays as it is: only folders of services go, and the files beside them stay.
    Every function that begins reads what is kept, and does it faster without the documentation, four fifths of it.
    """
    for name in _UNUSED_ANYWHERE:
        for found in sorted(folder.rglob(name)):
            if found.is_dir() and found.relative_to(folder).as_posix() not in _NEEDED:
                shutil.rmtree(found)
    for name in _UNUSED_AT_THE_TOP:
        shutil.rmtree(folder / name, ignore_errors=True)
    for pattern in _UNUSED_FILES:
        for found in folder.rglob(pattern):
            found.unlink()
    _slim_descriptions(folder / "botocore" / "data")


def _slim_descriptions(folder: Path) -> None:
    for service in folder.iterdir() if folder.exists() else ():
        if service.is_dir() and service.name not in AWS_SERVICES:
            shutil.rmtree(service)
    for packed in sorted(file for pattern in _DESCRIPTIONS for file in folder.glob(pattern)):
        described = _without_documentation(json.loads(gzip.decompress(packed.read_bytes())))
        packed.with_suffix("").write_text(json.dumps(described, separators=(",", ":")))
        packed.unlink()


def _without_documentation(described: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(described, dict):
        # empty, for botocore looks for some; and a shape may have a member of that name, which is no text
        empty = "documentation" in described and isinstance(described["documentation"], str)
        kept = {**described, "documentation": ""} if empty else described
        return {key: _without_documentation(value) for key, value in kept.items()}
    return [_without_documentation(each) for each in described] if isinstance(described, list) else described
