"""What `make package` makes, and what it leaves, with nothing in the packages."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra.package.build import TEMPLATE
from infra.package.generated import generate
from infra.package.template import ROOT, deployed, text_of
from tests.support.once import folder_of_run


def compiled(folder: Path, stage: str) -> tuple[dict[str, Any], Path]:
    """Let Chalice make the template of a stage and its code in a folder, and compile the code, as in a package."""
    template = generate(ROOT, folder / "code", stage)
    subprocess.run((sys.executable, "-m", "compileall", "-q", str(folder / "code")), check=True)
    return template, folder / "code"


def generated(temporary: pytest.TempPathFactory, stage: str) -> tuple[dict[str, Any], Path]:
    """Return the template of a stage and its code, to be read: they are made once for all processes of a run."""
    with folder_of_run(temporary, f"generated-{stage}") as folder:
        template = folder / "sam.json"
        if not template.exists():
            template.write_text(json.dumps(compiled(folder, stage)[0]))
        return json.loads(template.read_text()), folder / "code"


def empty_packages(folder: Path, template: dict[str, Any], stage: str) -> None:
    """Write packages that hold nothing, with the whole template of a stage, of which `template` is Chalice's part."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("deployment", "summarize", "products", "periodograms"):
        with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
            archive.writestr("app.py", name)
    (folder / TEMPLATE).write_text(text_of(deployed(template, stage, "x86_64")))
