"""The statistics of a source's photometry, as SkyPortal's clients read them."""

from chalicelib.http.parsing import Id
from chalicelib.http.record import Record, Time

_Number = float | None
_ByFilter = dict[str, float]


class PhotStat(Record):
    """Statistics of all of a source's photometry; AB magnitudes and MJD."""

    id: Id
    obj_id: str
    created_at: Time
    modified: Time
    last_update: Time
    last_full_update: Time
    last_phot_add_time: Time | None
    num_obs_global: int
    num_obs_per_filter: dict[str, int]
    num_det_global: int
    num_det_no_forced_phot_global: int
    num_det_per_filter: dict[str, int]
    first_detected_mjd: _Number
    first_detected_mag: _Number
    first_detected_filter: str | None
    last_detected_mjd: _Number
    last_detected_mag: _Number
    last_detected_filter: str | None
    first_detected_no_forced_phot_mjd: _Number
    first_detected_no_forced_phot_mag: _Number
    first_detected_no_forced_phot_filter: str | None
    last_detected_no_forced_phot_mjd: _Number
    last_detected_no_forced_phot_mag: _Number
    last_detected_no_forced_phot_filter: str | None
    recent_obs_mjd: _Number
    predetection_mjds: list[float]
    last_non_detection_mjd: _Number
    time_to_non_detection: _Number
    deepest_limit_global: _Number
    deepest_limit_per_filter: _ByFilter
    mean_mag_global: _Number
    mean_mag_per_filter: _ByFilter
    mean_color: _ByFilter
    peak_mjd_global: _Number
    peak_mjd_per_filter: _ByFilter
    peak_mag_global: _Number
    peak_mag_per_filter: _ByFilter
    faintest_mag_global: _Number
    faintest_mag_per_filter: _ByFilter
    rise_rate: _Number
    decay_rate: _Number
    mag_rms_global: _Number
    mag_rms_per_filter: _ByFilter
