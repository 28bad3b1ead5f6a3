"""The documents that a service is sent: real data, missing data, and what it does not expect."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"
_PHOTOMETRY = (_DATA / "photometry.csv").read_text()

REAL: dict[str, Any] = {
    "photometry": _PHOTOMETRY,
    "spectra": (_DATA / "spectra.csv").read_text(),
    "redshift": "redshift,redshift_error,redshift_origin\n0.04607963,5e-06,SNIFS\n",
    "annotations": "data,modified,origin,created_at\n\"{'age': 12.5}\",2026-11-01 00:00:00,ztf,2026-11-01 00:00:00\n",
    "comments": "text,bot,modified,origin,created_at\nrising,False,2026-11-01 00:00:00,,2026-11-01 00:00:00\n",
    "classifications": "classification,probability,modified,created_at\nIa,0.9,2026-11-01,2026-11-01\n",
}
"""Every input type, of a supernova, with the spectrum of a galaxy."""

MISSING: dict[str, Any] = {
    "photometry": _PHOTOMETRY.partition("\n")[0] + "\n",
    "redshift": "redshift,redshift_error,redshift_origin\n,,\n",
    **dict.fromkeys(("spectra", "annotations", "comments", "classifications"), "\n"),
}
"""What is sent of a source that nothing is known of."""


def document(callback_url: str, inputs: dict[str, Any], parameters: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Build what a portal posts; its time is over after `seconds`."""
    ends = datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=seconds)
    return {
        "callback_url": callback_url,
        "upload_url": f"{callback_url}/upload",
        "inputs": {"analysis_parameters": parameters, **inputs},
        "callback_method": "POST",
        "invalid_after": ends.isoformat(" ", timespec="microseconds"),
        "analysis_resource_type": "obj",
        "resource_id": "19dwz",
        "analysis_parameters": {},
    }
