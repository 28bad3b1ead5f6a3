"""benchmarks/RESULTS.md, of which each benchmark writes its own part and leaves the others as they are."""

from pathlib import Path

_RESULTS = Path(__file__).with_name("RESULTS.md")
_TITLE, _MARK = "# Results", "\n\n## "


def begin(text: str, file: Path = _RESULTS) -> None:
    """Write what stands under the title, before the sections."""
    _, *others = _read(file)
    _write(file, f"{_TITLE}\n\n{text}", others)


def keep(heading: str, text: str, file: Path = _RESULTS) -> None:
    """Write a section: where it stood before, or behind the others."""
    first, *others = _read(file)
    by_heading = {section.partition("\n")[0]: section for section in others}
    _write(file, first, list({**by_heading, heading: f"{heading}\n\n{text}"}.values()))


def _read(file: Path) -> list[str]:
    return file.read_text().split(_MARK) if file.exists() else [_TITLE]


def _write(file: Path, first: str, others: list[str]) -> None:
    file.write_text(_MARK.join(part.strip() for part in (first, *others)) + "\n")
