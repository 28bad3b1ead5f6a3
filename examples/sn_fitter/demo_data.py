"""Two observed supernovae to try things with: `python demo_data.py 19dwz` prints one as JSON.

Source: `data/<object>/all.phot` and `data/redshifts.dat` of the jax-bandflux wheel, which reads them as data of the
Hawai'i Supernova Flows project. Rows with zero point 23.9 and system ab hold fluxes in microjansky; the J rows (Vega,
zero point 24) are left out. ATLAS `c` and `o` have names of their own in sncosmo. The file does not say which telescope
took `g`: its points stand as ztfg, the nearest passband of the instruments here, beside its own ztfg.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wheel import wheel_directory

OBJECTS = ("19dwz", "20aai")
FILTERS = {"g": "ztfg", "ztfg": "ztfg", "ztfr": "ztfr", "c": "atlasc", "o": "atlaso"}
"""The file's band names and sncosmo's."""

TELESCOPES = {"ztf": ("Palomar 1.2m Oschin", "ZTF"), "atlas": ("ATLAS", "ATLAS")}
"""The start of sncosmo's band name, and the names of the telescope and the instrument."""

MICROJANSKY_ZERO_POINT = "23.9"
RELIABILITY = "swn"
"""The flags of redshifts.dat, best first: strong, weak, no conspicuous features."""


@dataclass(frozen=True)
class Redshift:
    """A heliocentric redshift, its error, and where it comes from."""

    value: float
    error: float
    origin: str


def demo_object(object_id: str) -> dict[str, Any]:
    """Collect an object's redshift and photometry.

    `photometry` holds a block for each instrument: add `instrument_id` to its `data` and POST that to /api/photometry.
    The redshift is null where redshifts.dat has none, which is so for 20aai.
    """
    redshift = read_redshift(object_id)
    return {
        "id": object_id,
        "redshift": redshift.value if redshift else None,
        "redshift_error": redshift.error if redshift else None,
        "redshift_origin": redshift.origin if redshift else None,
        "photometry": [_block(object_id, prefix) for prefix in TELESCOPES],
    }


def read_redshift(object_id: str) -> Redshift | None:
    """Read the first of the most reliable measurements of redshifts.dat, with the larger of its two errors."""
    rows = [row for row in _rows(_data() / "redshifts.dat") if row["SN"] == object_id]
    if not rows:
        return None
    best = min(rows, key=lambda row: RELIABILITY.index(row["flag"]))
    return Redshift(float(best["z_hel"]), max(float(best["plus"]), float(best["minus"])), best["instrument"])


def _block(object_id: str, prefix: str) -> dict[str, Any]:
    """Put the points of one instrument into the columns of /api/photometry."""
    rows = [
        row
        for row in _rows(_data() / object_id / "all.phot")
        if FILTERS.get(row["bandpass"], "").startswith(prefix) and row["zp"] == MICROJANSKY_ZERO_POINT
    ]
    telescope, instrument = TELESCOPES[prefix]
    return {
        "telescope": telescope,
        "instrument": instrument,
        "data": {
            "obj_id": object_id,
            "mjd": [float(row["mjd"]) for row in rows],
            "filter": [FILTERS[row["bandpass"]] for row in rows],
            "flux": [float(row["flux"]) for row in rows],
            "fluxerr": [float(row["fluxerr"]) for row in rows],
            "zp": [float(row["zp"]) for row in rows],
            "magsys": [row["zpsys"] for row in rows],
        },
    }


def _rows(path: Path) -> list[dict[str, str]]:
    """Read a table of columns between spaces, its header first, comments with a hash."""
    header, *lines = [line.split() for line in path.read_text().splitlines() if line.strip() and line[0] != "#"]
    return [dict(zip(header, line, strict=True)) for line in lines]


def _data() -> Path:
    return wheel_directory() / "data"


def main() -> None:
    """Print an object as JSON."""
    parser = argparse.ArgumentParser(description="Prints a supernova's redshift and photometry as JSON.")
    parser.add_argument("object_id", choices=OBJECTS)
    print(json.dumps(demo_object(parser.parse_args().object_id), indent=1))


if __name__ == "__main__":
    main()
