"""The packages of a deployment, one after the other."""

import shutil
import tempfile
from pathlib import Path

from infra.package import archive, compiling, slimming, symbols, template, wheels
from infra.package.generated import generate
from infra.package.runtime import ARCHITECTURES, Architecture
from infra.package.template import ROOT

ISOLATED = ("products", "periodograms")
"""Rooms that are functions of their own, and hold nothing of AWS."""

TEMPLATE = "template.yaml"
OUTPUT = ROOT / "build" / "package"
_REQUIREMENTS = {
    "deployment": Path("requirements.txt"),
    "summarize": Path("infra/summarize/requirements.txt"),
    **{room: Path("infra") / room / "requirements.txt" for room in ISOLATED},
}


def build(output: Path, stage: str, architecture: str, root: Path = ROOT) -> None:
    """Write the template and all packages.

    Parameters
    ----------
    output : Path
        Made anew.
    stage : str
        Letters, digits, hyphens and underscores: last part of the API's own URL.
    architecture : str
        One of `ARCHITECTURES`.
    root : Path
        The repository.

    Raises
    ------
    PackagingFailed
        A package would be incomplete, or would not run.
    """
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        code = Path(folder) / "code"
        made = template.deployed(generate(root, code, stage), stage, architecture)
        for name, requirements in _REQUIREMENTS.items():
            content = Path(folder) / name
            _copy_code(root, code, content, name)
            _pack(content, output / f"{name}.zip", requirements, ARCHITECTURES[architecture], root)
            shutil.rmtree(content)
    (output / TEMPLATE).write_text(template.text_of(made))


def _copy_code(root: Path, generated: Path, content: Path, name: str) -> None:
    """Lay our code into a package: of an isolated function its room alone."""
    if name not in ISOLATED:
        shutil.copytree(generated, content)
        return
    ours = content / "chalicelib"
    shutil.copytree(root / "chalicelib" / name, ours / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "chalicelib" / "__init__.py", ours)


def _pack(content: Path, packed: Path, requirements: Path, architecture: Architecture, root: Path) -> None:
    wheels.install(root / requirements, content, architecture, root)
    symbols.check(content, architecture)
    slimming.slim(content)
    compiling.compile_modules(content)
    archive.write(content, packed)
