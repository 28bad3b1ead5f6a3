"""Distances in the cosmology of the Planck collaboration (2020, A&A 641, A6, table 2, last column), as astropy has it.

It is flat, and holds matter, the cosmological constant, the microwave background and three kinds of neutrinos, one of
them with mass. The density of neutrinos that slow down follows Komatsu et al. 2011, ApJS 192, 18, equation 26.
"""

import math
from functools import lru_cache

FURTHEST = 1e6
"""Redshift up to which there is a distance; the recombination lies at 1100."""

_H0 = 67.66  # km/s/Mpc
_MATTER = 0.30966
_CMB_KELVIN = 2.7255
_NEUTRINOS = 3.046  # effective number of kinds
_KINDS = 3
_MASSES = (0.0, 0.0, 0.06)  # eV

_LIGHT = 299_792.458  # km/s
# CODATA 2022 and the parsec of IAU 2015 B2, in SI units
_G = 6.6743e-11
_STEFAN_BOLTZMANN = 5.670374419184429e-08
_BOLTZMANN_EV = 8.617333262145179e-05
_MEGAPARSEC = 3.085677581491367e22

_CRITICAL = 3 * (_H0 * 1e3 / _MEGAPARSEC) ** 2 / (8 * math.pi * _G)
_PHOTONS = 4 * _STEFAN_BOLTZMANN * _CMB_KELVIN**4 / (_LIGHT * 1e3) ** 3 / _CRITICAL

_RELATIVE = 7 / 8 * (4 / 11) ** (4 / 3)  # density of a massless kind, relative to photons
_COLDER = (4 / 11) ** (1 / 3)
_SLOWNESS = tuple(mass / (_BOLTZMANN_EV * _COLDER * _CMB_KELVIN) for mass in _MASSES)
_FIT, _POWER = 0.3173, 1.83

# Gauss-Legendre abscissae and weights on -1…1, positive half: Abramowitz & Stegun 1972, table 25.4
_NODES = (
    (0.1488743389816312, 0.2955242247147529),
    (0.4333953941292472, 0.2692667193099963),
    (0.6794095682990244, 0.2190863625159820),
    (0.8650633666889845, 0.1494513491505806),
    (0.9739065285171717, 0.0666713443086881),
)
_STEP = 0.5  # in ln(1 + z)


@lru_cache(maxsize=4096)
def luminosity_distance(redshift: float) -> float:
    """Return megaparsecs, for redshifts from 0 to `FURTHEST`: (1 + z) · c · ∫ dz / H(z)."""
    end = math.log1p(redshift)
    pieces = max(1, math.ceil(end / _STEP))
    width = end / pieces
    integral = 0.0
    for piece in range(pieces):
        middle = (piece + 0.5) * width
        for node, weight in _NODES:
            for side in (-node, node):
                growth = math.exp(middle + side * width / 2)
                integral += weight * width / 2 * growth / _expansion(growth)
    return (1 + redshift) * _LIGHT / _H0 * integral


def _expansion(growth: float) -> float:
    """Return H / H0 when all lengths were smaller by this factor."""
    radiation = _PHOTONS * (1 + _neutrinos(growth))
    return math.sqrt((radiation * growth + _MATTER) * growth**3 + _LAMBDA)


def _neutrinos(growth: float) -> float:
    """Return the density of neutrinos relative to that of photons."""
    kinds: float = sum((1 + (_FIT * slowness / growth) ** _POWER) ** (1 / _POWER) for slowness in _SLOWNESS)
    return _RELATIVE * _NEUTRINOS / _KINDS * kinds


_LAMBDA = 1 - _MATTER - _PHOTONS * (1 + _neutrinos(1.0))
