"""The Content-Disposition header, for file names that somebody else chose."""

import re
import unicodedata
from urllib.parse import quote

_ODD = re.compile(r"[^A-Za-z0-9 ._()+-]")


def disposition(name: str, *, inline: bool = False) -> dict[str, str]:
    """Return the header that lets a browser save what is answered under a name, or show it.

    Old clients read a plain name in ASCII, others the name itself: RFC 6266 with the encoding of RFC 8187. Neither
    holds separators of folders, quotes or control characters.
    """
    whole = "".join("_" if character in '/\\"' or not character.isprintable() else character for character in name)
    plain = unicodedata.normalize("NFKD", whole).encode("ascii", "ignore").decode()
    kind = "inline" if inline else "attachment"
    safe = _ODD.sub("_", plain).strip(" .") or "file"
    return {"Content-Disposition": f"{kind}; filename=\"{safe}\"; filename*=UTF-8''{quote(whole, safe='')}"}
