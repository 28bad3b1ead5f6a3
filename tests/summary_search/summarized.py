"""Sources with summaries."""

import itertools

IA = "A type Ia supernova in a spiral galaxy, rising fast"
TDE = "A tidal disruption event in the nucleus of an elliptical galaxy"
AGN = "An active nucleus, variable for years"

_numbers = itertools.count(1)


def make_source(api, group, summary, **fields):
    obj_id = f"SN{next(_numbers):05d}"
    body = {"id": obj_id, "ra": 1.0, "dec": 2.0, "group_ids": [group], "summary": summary, **fields}
    assert api.post("/api/sources", body).status == 200
    return obj_id
