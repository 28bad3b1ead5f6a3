"""Names of filters as surveys and observers write them, and as sncosmo and SkyPortal do."""

from chalicelib.sources.vocabulary import BANDPASSES

_JOHNSON = {"U": "bessellux", "B": "bessellb", "V": "bessellv", "R": "bessellr", "I": "besselli"}
_LETTERS = {
    **{letter: f"sdss{letter}" for letter in "ugriz"},
    **_JOHNSON,
    "J": "2massj",
    "H": "2massh",
    "K": "2massks",
    "Ks": "2massks",
    "y": "ps1::y",
    "w": "ps1::w",
    "c": "atlasc",
    "o": "atlaso",
    "L": "gotol",
    "G": "gaia::g",
    "BP": "gaia::gbp",
    "RP": "gaia::grp",
}
"""One letter says which filter only together with its case."""
_AAVSO = {
    **dict.fromkeys(("Rc", "RC", "TR", "CR"), "bessellr"),
    **dict.fromkeys(("Ic", "IC"), "besselli"),
    **dict.fromkeys(("TG", "CV"), "bessellv"),
    "TB": "bessellb",
    "ZS": "ps1::z",
    "Y": "ps1::y",
    **{f"S{letter.upper()}": f"sdss{letter}" for letter in "ugriz"},
}
"""https://www.aavso.org/filters: TB, TG, TR are a colour camera's; CV and CR unfiltered with V or R zero points."""
_ZTF = {
    "1": "ztfg",
    "2": "ztfr",
    "3": "ztfi",
    **{f"{start}{letter}": f"ztf{letter}" for start in ("", "z") for letter in "gri"},
}
_SURVEYS = {
    "ztf": "ztf",
    "lsst": "lsst",
    "sloan": "sdss",
    "sdss": "sdss",
    "ps1": "ps1::",
    "panstarrs": "ps1::",
    "p1": "ps1::",
}
_WORDS = {
    **dict.fromkeys(("cyan", "atlas_c", "c_atlas", "cyan_atlas"), "atlasc"),
    **dict.fromkeys(("orange", "atlas_o", "o_atlas", "orange_atlas"), "atlaso"),
    **dict.fromkeys(("g_gaia", "gaia_g", "gaia"), "gaia::g"),
    **dict.fromkeys(("2mass_k", "2mass_ks"), "2massks"),
    "gaia_bp": "gaia::gbp",
    "gaia_rp": "gaia::grp",
    "tess": "tess",
    "kepler": "kepler",
    "l_goto": "gotol",
    "uvw1": "uvot::uvw1",
    "uvw2": "uvot::uvw2",
    "uvm2": "uvot::uvm2",
    "w_ps1": "ps1::w",
    "2mass_j": "2massj",
    "2mass_h": "2massh",
}
_VEGA = frozenset({*_JOHNSON.values(), "2massj", "2massh", "2massks"})
_KNOWN = {name.lower(): name for name in BANDPASSES}


def band_of(text: str, survey: str | None = None) -> tuple[str, str] | None:
    """Return a filter in sncosmo's name, and the magnitude system that the name implies; None if it is not known.

    Parameters
    ----------
    text : str
        As it stands in the file: `ztfg`, `ZTF_g`, `g-ZTF`, `r-Sloan`, `V-Johnson`, `o`, `zg`, `SR`, or a number of ZTF.
    survey : str, optional
        `ztf` where the file is one of that survey, so that `g` and `1` mean its g.
    """
    if text.lower() in _KNOWN:
        return _KNOWN[text.lower()], "ab"
    found = _ZTF.get(text) if survey == "ztf" else None
    found = found or _LETTERS.get(text) or _AAVSO.get(text) or _of_survey(text)
    return None if found is None else (found, "vega" if found in _VEGA else "ab")


def _of_survey(text: str) -> str | None:
    """Read names of two words, a survey and a letter, in any order."""
    plain = "_".join(part for part in text.replace("-", "_").replace(" ", "_").replace(".", "_").split("_") if part)
    if plain.lower() in _WORDS:
        return _WORDS[plain.lower()]
    parts = plain.split("_")
    if len(parts) == 1 and plain[:-1].lower() in _SURVEYS:
        parts = [plain[:-1], plain[-1]]
    if len(parts) != 2:  # noqa: PLR2004 - a survey and a letter
        return None
    for survey, letter in (parts, parts[::-1]):
        if survey.lower() in {"johnson", "bessell", "bessel", "cousins", "landolt"} and letter.upper() in _JOHNSON:
            return _JOHNSON[letter.upper()]
        name = f"{_SURVEYS.get(survey.lower(), '?')}{letter.lower()}"
        if name in _KNOWN:
            return _KNOWN[name]
    return None
