"""Pages of docs/ that are made from the code: `python -m infra.documentation.kept` writes them anew.

They lie in the repository, to be read without building anything; a test fails while they are not what the code says.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from chalicelib.accounts.permissions import ALL, DEFAULT_ROLE, ROLES
from chalicelib.analyses.dispatch.inputs_csv import COLUMNS
from chalicelib.analyses.run.transitions import may_become
from chalicelib.analyses.states import MEANINGS, State
from chalicelib.sources.files.columns import photometry_names, spectrum_names

DOCS = Path(__file__).parents[2] / "docs"
_MADE = "<!-- made from the code: python -m infra.documentation.kept -->\n"


def kept_pages() -> Mapping[str, str]:
    """Return the pages by file name."""
    return {"permissions.md": _permissions(), "states.md": _states(), "csv-columns.md": _columns()}


def _permissions() -> str:
    rows = (
        [permission, *("✓" if permission in granted else "" for granted in ROLES.values())]
        for permission in sorted(ALL)
    )
    return _page(
        "Permissions",
        f"""A user has the permissions of all of their roles; a token carries a list of its own, a subset of its owner's.
Who lacks the permission that an endpoint asks for gets 401. `System admin` passes every check. New users are {DEFAULT_ROLE}.""",
        _table(["permission", *ROLES], rows),
        "Which endpoint asks for which stands in the API's description, as `x-permission`, and in the reference that is made of it.",
        """Rows have rules of their own: a source is read by the members of the groups that it is saved to, and is 404 to others; an
analysis by the members of its groups who can read its source, and is changed or deleted by its author and administrators
alone. Photometry, spectra, comments, annotations and classifications are seen by the groups that they were shared with.""",
    )


def _states() -> str:
    rows = (
        [f"`{state.value}`", MEANINGS[state], _names(after.value for after in State if state in may_become(after))]
        for state in State
    )
    return _page(
        "States",
        "Of an analysis. None leads back, and each that was accepted ends: [architecture](architecture.md) says how.",
        _table(["state", "what it means", "and then"], rows),
        "`deleted` is in no answer: what is left of an analysis keeps late writes from bringing it back, for two days.",
    )


def _columns() -> str:
    photometry, spectra = (
        ([f"`{field}`", _names(names)] for field, names in known.items())
        for known in (photometry_names(), spectrum_names())
    )
    return _page(
        "CSV columns",
        "## What a service is sent",
        """Each input is the text of a CSV file, as pandas writes it: missing values are empty, floats have all their digits, arrays
are Python lists, objects Python dictionaries. Columns stand in this order. Photometry without rows is the header alone,
redshift always one row, all others without rows an empty line.""",
        _table(["input", "columns"], ([f"`{name}`", _names(columns)] for name, columns in COLUMNS.items())),
        """Photometry: microjansky, zero point 23.9, AB; one row for each time and filter, sorted by the error of the magnitude; a
non-detection has neither flux nor magnitude. Wavelengths are in Ångström.""",
        "## What is recognised in your own files",
        """Names are compared without case, signs and units; the first that a file has counts. What the values may be stands in
[your own data](own-data.md).""",
        _table(["photometry", "names"], photometry),
        _table(["spectra", "names"], spectra),
    )


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(titles)
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _page(title: str, *paragraphs: str) -> str:
    return "\n\n".join([f"# {title}", *paragraphs, _MADE])


if __name__ == "__main__":
    for file, text in kept_pages().items():
        (DOCS / file).write_text(text)
