"""Links of the pages: each must lead somewhere, and what lies outside of docs/ is no page of the site."""

import re
from collections.abc import Iterator
from pathlib import Path

_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
_PICTURE = re.compile(r"!\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}\s+(.*)$", re.MULTILINE)


def dead_links(page: Path) -> Iterator[str]:
    """Yield the links and pictures of a page that lead to no file, or to no heading in it."""
    text = _FENCE.sub("", page.read_text())
    for found in (*_LINK.finditer(text), *_PICTURE.finditer(text)):
        target, _, heading = found["target"].partition("#")
        if "://" in found["target"] or target.startswith("mailto:"):
            continue
        file = page.parent / target if target else page
        if not file.exists():
            yield f"{page.name}: {found['target']} does not exist"
        elif heading and file.suffix == ".md" and heading not in anchors(file.read_text()):
            yield f"{page.name}: {found['target']} has no such heading"


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings."""
    plain = (re.sub(r"[^\w\s-]", "", heading.lower()).strip() for heading in _HEADING.findall(_FENCE.sub("", text)))
    return {re.sub(r"[\s]+", "-", heading) for heading in plain}


def without_links_outside(text: str) -> str:
    """Turn links to files outside of docs/ into the names of those files."""
    return _LINK.sub(lambda found: _named(found) if found["target"].startswith("../") else found[0], text)


def _named(found: re.Match[str]) -> str:
    name, text = found["target"].removeprefix("../"), found["text"]
    return f"`{name}`" if text in {name, Path(name).name} else f"{text} (`{name}`)"
