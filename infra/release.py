"""`python -m infra.release`: the version of `chalicelib/settings.py` in all packages, and the date in the changelog.

The version is written by hand in one place. The packages that are built apart (kit, client) cannot read it there, so it
is copied; a test fails while one of them has another.
"""

import re
from pathlib import Path

from chalicelib import clock
from chalicelib.settings import VERSION

ROOT = Path(__file__).parents[1]
PACKAGES = ("pyproject.toml", "kit/pyproject.toml", "client/pyproject.toml")
_VERSION = re.compile(r'^version = ".*"$', re.MULTILINE)


def release(root: Path) -> None:
    """Write the version and the date of a release."""
    for name in PACKAGES:
        file = root / name
        file.write_text(_VERSION.sub(f'version = "{VERSION}"', file.read_text(), count=1))
    changelog = root / "CHANGELOG.md"
    today = clock.now().date().isoformat()
    changelog.write_text(
        re.sub(r"^## .*unreleased$", f"## {VERSION}, {today}", changelog.read_text(), count=1, flags=re.MULTILINE)
    )


if __name__ == "__main__":
    release(ROOT)
