"""What a function never reads is left out of its package."""

import shutil
from pathlib import Path

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
_NEEDED = frozenset({"astropy/tests"})
"""astropy imports it."""


def slim(folder: Path) -> None:
    """Remove tests, tools of installation, and what botocore knows of services that are never called.

    How botocore finds its descriptions stays as it is: only folders of services go, and the files beside them stay.
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
    descriptions = folder / "botocore" / "data"
    for service in descriptions.iterdir() if descriptions.exists() else ():
        if service.is_dir() and service.name not in AWS_SERVICES:
            shutil.rmtree(service)
