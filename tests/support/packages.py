"""What `make package` leaves, with nothing in the packages."""

import zipfile
from pathlib import Path

from infra.package.build import TEMPLATE
from infra.package.generated import generate
from infra.package.template import ROOT, deployed, text_of


def empty_packages(folder: Path, code: Path, stage: str) -> None:
    """Write packages that hold nothing, with the whole template of a stage; `code` is a place to generate it in."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("deployment", "summarize", "products", "periodograms"):
        with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
            archive.writestr("app.py", name)
    template = deployed(generate(ROOT, code, stage), stage, "x86_64")
    (folder / TEMPLATE).write_text(text_of(template))
