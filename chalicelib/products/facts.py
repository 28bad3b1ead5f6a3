"""What the caller must know of a document that it never reads itself, because it may be far larger than its memory."""

import json

from chalicelib.products.document import Document
from chalicelib.products.errors import Unreadable

MEMBERS = ("annotations", "classifications", "model_lightcurve", "model_lightcurves", "model_name", "n_detections")
"""What the caller applies and shows itself."""

MAX_SIZE = 500_000
"""Characters of each of them as JSON: all together fit the answer of a function."""


def facts_of(document: Document) -> dict[str, object]:
    """Return facts as JSON data.

    present : names of the members that are not null; plots: how many; digest: SHA-256 of the whole document, unpacked;
    small: those of `MEMBERS` that it has; omitted: the names of those that are too large.
    """
    small: dict[str, object] = {}
    omitted = []
    for name in MEMBERS:
        try:
            value = document.get(name)
            if value is not None and len(json.dumps(value)) <= MAX_SIZE:
                small[name] = value
            elif value is not None:
                omitted.append(name)
        except (Unreadable, TypeError):  # too many values, or a text that is too long for memory
            omitted.append(name)
    return {
        "present": [name for name in document.present if name.isidentifier()][:100],
        "plots": _plots(document),
        "digest": document.digest,
        "small": small,
        "omitted": omitted,
    }


def _plots(document: Document) -> int:
    """Count the plots; one may come without a list around it."""
    try:
        plots = document.get("plots")
    except Unreadable:
        return 0
    return len(plots) if isinstance(plots, list) else int(isinstance(plots, dict) and bool(plots))
