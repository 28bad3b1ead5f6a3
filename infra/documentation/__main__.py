"""`make docs`: checks the pages, adds those that are made from the code, and leaves all where mkdocs builds from."""

import argparse
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.documentation.links import dead_links, without_links_outside
from infra.documentation.reference import pages
from infra.documentation.snippets import broken_snippets

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_HOW_TO = "  - How to:\n"
OTHERS = ("README.md", "CONTRIBUTING.md", "kit/README.md", "client/README.md")


def main() -> int:
    """Write the pages into a folder; 1 if a link or a snippet is broken."""
    parser = argparse.ArgumentParser(prog="python -m infra.documentation", description=__doc__)
    parser.add_argument("folder", type=Path, help="where mkdocs finds mkdocs.yml and the folder docs")
    build = parser.parse_args().folder
    folder = build / "docs"
    wrong = list(problems())
    for problem in wrong:
        print(problem, file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DOCS, folder)
    for page in folder.glob("*.md"):
        page.write_text(without_links_outside(page.read_text()))
    for name, text in pages().items():
        (folder / name).write_text(text)
    (build / "mkdocs.yml").write_text(with_every_page((ROOT / "mkdocs.yml").read_text(), folder))
    return int(bool(wrong))


def with_every_page(settings: str, folder: Path) -> str:
    """Add pages that the navigation does not name yet to its how-tos, under their own headings."""
    lines = [
        f'      - "{page.read_text().partition(chr(10))[0].strip("# ")}": {page.name}\n'
        for page in sorted(folder.glob("*.md"))
        if f": {page.name}\n" not in settings
    ]
    return settings.replace(_HOW_TO, _HOW_TO + "".join(lines))


def problems() -> Iterator[str]:
    """Yield what is wrong with links and snippets."""
    for page in (*sorted(DOCS.glob("*.md")), *(ROOT / name for name in OTHERS)):
        yield from dead_links(page)
        yield from broken_snippets(page)


if __name__ == "__main__":
    sys.exit(main())
