"""The HEALPix cell of a position: nested numbering at the finest level, as SkyPortal keeps it.

Górski et al. 2005, ApJ 622, 759, sections 4.1 and 5: the sphere is twelve faces, each a square grid; the number of a
cell is that of its face, followed by the bits of its two coordinates in turn.
"""

import math

LEVEL = 29
_SIDE = 1 << LEVEL
_QUARTER = math.pi / 2
_EQUATORIAL = 2 / 3
"""Of sin(dec): up to here the faces lie around the equator."""


def cell(ra: float, dec: float) -> int:
    """Return the number of the cell that holds a position in degrees; below 12 · 4**29."""
    alpha, delta = math.radians(ra), math.radians(dec)
    height, width = math.sin(delta), math.cos(delta)
    # by way of the vector, so that all spellings of an angle are the same one
    phi = math.atan2(width * math.sin(alpha), width * math.cos(alpha)) % (2 * math.pi)
    within = math.fmod(phi, _QUARTER)
    sector = round((phi - within) / _QUARTER) % 4
    place = _equatorial if abs(height) < _EQUATORIAL else _polar
    face, x, y = place(height, width, within, sector)
    return (face << 2 * LEVEL) | _spread(_grid(x)) | _spread(_grid(y)) << 1


def _equatorial(height: float, _: float, within: float, sector: int) -> tuple[int, float, float]:
    """Return the face and the place on it; `within` is the angle from the beginning of the sector, in radians."""
    rise, turn = (height + _EQUATORIAL) / (2 * _EQUATORIAL), within / _QUARTER
    x, y = (rise + turn) * _SIDE, (rise - turn + 1) * _SIDE
    face = {
        (False, False): 8 + sector,
        (True, False): 4 + (sector + 1) % 4,
        (False, True): 4 + sector,
        (True, True): sector,
    }[x >= _SIDE, y >= _SIDE]
    return face, x - _SIDE * (x >= _SIDE), y - _SIDE * (y >= _SIDE)


def _polar(height: float, width: float, within: float, sector: int) -> tuple[int, float, float]:
    # equations 19 and 20; cos / sqrt(1 + |sin|) is sqrt(1 - |sin|) without its loss of digits near the pole
    distance = width / math.sqrt(1 + abs(height)) * math.sqrt(3)
    along = distance * abs(_SIDE * (2 * within - math.pi) / math.pi)
    across = distance * _SIDE * 2 * within / math.pi
    if height > 0:
        return sector, _SIDE - along, _SIDE - across
    return 8 + sector, across, along


def _grid(coordinate: float) -> int:
    return max(0, min(_SIDE - 1, math.floor(coordinate)))


def _spread(number: int) -> int:
    """Put a zero before each bit."""
    for shift, mask in _SPREADING:
        number = (number | number << shift) & mask
    return number


_SPREADING = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)
