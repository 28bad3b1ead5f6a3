"""SkyPortal's typed client, whose models refuse unknown fields, on the whole way."""

import pytest

from tests.end_to_end.test_way_of_an_analysis import post_soon
from tests.support.late import Late
from tests.support.scene import PNG

sp = Late("skyportal_py")


def test_services_are_registered_read_changed_and_deleted(skyportal):
    posted = skyportal.post_analysis_service(
        sp.analysis.AnalysisServicePost(
            name="typed",
            url="http://127.0.0.1:9/analysis",
            authentication_type="api_key",
            authinfo='{"api_key": "x", "api_key_name": "key"}',
            analysis_type="meta_analysis",
            input_data_types=["photometry"],
            optional_analysis_parameters='{"a": [1, 2]}',
        )
    )
    skyportal.update_analysis_service(posted.id, sp.analysis.AnalysisServiceUpdate(description="changed", timeout=5))
    read = skyportal.fetch_analysis_service(posted.id)
    assert (read.name, read.description, read.timeout) == ("typed", "changed", 5)
    assert read.optional_analysis_parameters == '{"a": [1, 2]}'
    assert posted.id in [service.id for service in skyportal.fetch_analysis_services()]
    skyportal.delete_analysis_service(posted.id)
    with pytest.raises(sp.SkyPortalError, match="Cannot access this Analysis Service"):
        skyportal.fetch_analysis_service(posted.id)


def test_an_analysis_is_started_read_listed_and_deleted(skyportal, running, source, service, register):
    service.react = post_soon
    service_id = register(service.url)
    analysis_id = skyportal.post_analysis(source, service_id, sp.analysis.AnalysisPost(show_plots=True)).id
    running.wait(analysis_id)
    read = skyportal.fetch_analysis(analysis_id, include_analysis_data=True, include_filename=True)
    assert (read.status, read.status_message, read.num_plots) == ("completed", "fit converged", 1)
    assert read.token is None
    assert read.data["results"]["data"]["z"] == 0.5
    assert skyportal.fetch_analysis_plot(analysis_id) == PNG
    assert skyportal.fetch_analysis_results(analysis_id) == {"z": 0.5, "chi2": None}
    assert b'"z"' in skyportal.fetch_analysis_results(analysis_id, download=True)
    assert analysis_id in [row.id for row in skyportal.fetch_analyses()]
    assert analysis_id in [row.id for row in skyportal.fetch_analyses(obj_id=source, include_filename=True)]
    assert analysis_id in [row.id for row in skyportal.fetch_source(source, include_analyses=True).analyses]
    skyportal.delete_analysis(analysis_id)
    with pytest.raises(sp.SkyPortalError, match="Cannot access this Analysis"):
        skyportal.fetch_analysis(analysis_id)
