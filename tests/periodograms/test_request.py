"""What the function refuses: the API does not send it."""

import pytest

from tests.support.late import Late

function = Late("chalicelib.periodograms.handler")


BAND = {"mjd": [1.0, 2.0, 3.0], "mag": [17.0, 17.1, 17.2], "magerr": [0.1, 0.1, 0.1]}
EVENT = {
    "method": "lomb_scargle",
    "terms": 1,
    "bands": [BAND],
    "frequencies": {"first": 0.1, "step": 0.1, "number": 5},
}


@pytest.mark.parametrize(
    "change",
    [
        {"method": "guess"},
        {"terms": 5},
        {"terms": 1.5},
        {"bands": []},
        {"bands": [{**BAND, "mag": [1.0]}]},
        {"bands": [{**BAND, "mag": [17.0, None, 17.2]}]},
        {"bands": [{**BAND, "magerr": [0.1, 0.0, 0.1]}]},
        {"bands": [{name: column * 4000 for name, column in BAND.items()}]},
        {"frequencies": {"first": 0.0, "step": 0.1, "number": 5}},
        {"frequencies": {"first": 0.1, "step": -0.1, "number": 5}},
        {"frequencies": {"first": 0.1, "step": 0.1, "number": 1_000_001}},
    ],
    ids=lambda change: str(change)[:60],
)
def test_a_broken_event_is_refused(change):
    with pytest.raises((TypeError, ValueError)):
        function.handler({**EVENT, **change}, None)
