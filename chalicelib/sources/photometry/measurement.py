"""A photometric measurement on its way into the table, and the key under which it is unique."""

import hashlib
import struct
from dataclasses import dataclass
from typing import Any

from chalicelib.sources.items.photometry import PHOTOMETRY

_SIGN = 1 << 63
_ALL_BITS = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured: microjansky, AB, degrees."""

    obj_id: str
    mjd: float
    filter: str
    instrument_id: int
    flux: float | None
    fluxerr: float
    limiting_mag: float | None = None
    origin: str | None = None
    altdata: dict[str, Any] | None = None
    extinction_corrected: bool | None = None
    """Whether the brightness is without the dust of the Milky Way already, where that was said."""
    ra: float | None = None
    dec: float | None = None
    ra_unc: float | None = None
    dec_unc: float | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Both keys of the item: equal for the same object, instrument, origin, time, filter, flux and error."""
        measured = hashlib.sha256(f"{self.origin!r} {self.flux!r} {self.fluxerr!r}".encode()).hexdigest()[:16]
        origin = (self.origin or "")[:100].replace("#", "_")
        sk = f"{PHOTOMETRY}{_sortable(self.mjd)}#{self.filter}#{self.instrument_id}#{origin}#{measured}"
        return self.obj_id, sk

    def __str__(self) -> str:
        return f"{self.obj_id} at mjd {self.mjd} in {self.filter} with instrument {self.instrument_id}"


def _sortable(number: float) -> str:
    """Return 16 digits that sort as the numbers do: the bits of the double, negative ones inverted."""
    (bits,) = struct.unpack(">Q", struct.pack(">d", number + 0.0))
    return f"{bits ^ (_ALL_BITS if bits & _SIGN else _SIGN):016x}"
