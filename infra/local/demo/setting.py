"""What the demo needs before its analysis; all of it is looked up first, so that it may be there already."""

from typing import Any

from infra.local.demo.client import Client

GROUP = "demo"
SERVICE = "sn_fitter"

POSITION = {"ra": 210.0, "dec": 30.0}
"""A stand-in, in degrees: the data come without a position, and nothing in the fit depends on it."""


def prepare(client: Client, supernova: dict[str, Any], fitter_url: str) -> int:
    """Make the group, the instruments, the source with its photometry, and the service; return the service's id."""
    group_id = _group(client)
    _source(client, supernova, group_id)
    for block in supernova["photometry"]:
        instrument_id = _instrument(client, block)
        client.data(
            "PUT", "/api/photometry", {**block["data"], "instrument_id": instrument_id, "group_ids": [group_id]}
        )
    return _service(client, fitter_url, group_id)


def _group(client: Client) -> int:
    groups = client.data("GET", "/api/groups")["user_groups"]
    known = next((group["id"] for group in groups if group["name"] == GROUP), None)
    return int(known or client.data("POST", "/api/groups", {"name": GROUP})["id"])


def _source(client: Client, supernova: dict[str, Any], group_id: int) -> None:
    redshift = {key: supernova[key] for key in ("redshift", "redshift_error", "redshift_origin")}
    source = {"id": supernova["id"], **POSITION, **redshift, "group_ids": [group_id]}
    client.data("POST", "/api/sources", source)


def _instrument(client: Client, block: dict[str, Any]) -> int:
    filters = sorted(set(block["data"]["filter"]))
    telescope_id = _named(client, "/api/telescope", block["telescope"], {"nickname": block["telescope"]})
    facts = {"telescope_id": telescope_id, "type": "imager", "filters": filters}
    return _named(client, "/api/instrument", block["instrument"], facts)


def _named(client: Client, path: str, name: str, facts: dict[str, Any]) -> int:
    """Return the id of what has this name, made now if there is none."""
    known = next((record["id"] for record in client.data("GET", path) if record["name"] == name), None)
    return int(known or client.data("POST", path, {"name": name, **facts})["id"])


def _service(client: Client, fitter_url: str, group_id: int) -> int:
    facts = {
        "display_name": "SALT light-curve fit",
        "description": "Fits type Ia supernova light curves with sncosmo.",
        "url": f"{fitter_url}/analysis",
        "authentication_type": "none",
        "analysis_type": "lightcurve_fitting",
        "input_data_types": ["photometry", "redshift"],
        "optional_analysis_parameters": {"source": ["salt3", "salt2", "salt3-nir"], "seed": {"type": "number"}},
        "timeout": 300,
        "group_ids": [group_id],
    }
    return register(client, SERVICE, facts)


def register(client: Client, name: str, facts: dict[str, Any]) -> int:
    """Register a service, or bring the one of this name up to date; return its id."""
    services = client.data("GET", "/api/analysis_service")
    known = next((service["id"] for service in services if service["name"] == name), None)
    if known is None:
        return int(client.data("POST", "/api/analysis_service", {"name": name, **facts})["id"])
    client.data("PATCH", f"/api/analysis_service/{known}", facts)
    return int(known)
