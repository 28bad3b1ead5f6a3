"""SkyPortal's typed client, which refuses fields that it does not know, reads and writes services."""

import json

import pytest

from chalicelib.services.credentials import credentials_of
from chalicelib.services.items.service import Service
from chalicelib.services.schemes import ApiKey
from tests.services.registering import manager_of
from tests.support.late import Late
from tests.support.people import make_group
from tests.support.skyportal_client import client_for

analysis = Late("skyportal_py.analysis")


@pytest.fixture
def manager(admin):
    return manager_of(admin, make_group(admin))


def posted(**changes):
    return analysis.AnalysisServicePost(
        **{
            "name": "Client's",
            "url": "https://service.example.org/analysis",
            "authentication_type": "api_key",
            "authinfo": json.dumps({"api_key": "k", "api_key_name": "token"}),
            "analysis_type": "meta_analysis",
            "input_data_types": ["photometry", "comments"],
            "optional_analysis_parameters": '{"model": ["a", "b"]}',
            "timeout": 60,
            **changes,
        }
    )


def test_the_client_registers_reads_changes_and_removes_a_service(manager):
    with client_for(manager) as client:
        service_id = analysis.post_analysis_service(client, posted()).id
        service = analysis.fetch_analysis_service(client, service_id)
        assert (service.id, service.name, service.timeout) == (service_id, "Client's", 60.0)
        assert service.optional_analysis_parameters == '{"model": ["a", "b"]}'
        assert service.groups
        update = analysis.AnalysisServiceUpdate(
            description="new", authinfo={"api_key": {"api_key": "k2", "api_key_name": "token"}}
        )
        analysis.update_analysis_service(client, service_id, update)
        (listed,) = analysis.fetch_analysis_services(client)
        assert (listed.id, listed.description) == (service_id, "new")
        assert listed.optional_analysis_parameters == {"model": ["a", "b"]}
        stored = Service.of_id(service_id)
        assert stored is not None
        assert credentials_of(stored) == ApiKey("token", "k2")
        analysis.delete_analysis_service(client, service_id)
        assert analysis.fetch_analysis_services(client) == []


def test_the_client_handles_default_analyses(manager):
    with client_for(manager) as client:
        service_id = analysis.post_analysis_service(client, posted()).id
        payload = analysis.DefaultAnalysisPost(
            default_analysis_parameters={"model": "a"},
            source_filter={"classifications": [{"name": "Ia", "probability": 0.5}]},
            daily_limit=4,
        )
        default_id = analysis.post_default_analysis(client, service_id, payload).id
        default = analysis.fetch_default_analysis(client, service_id, default_id)
        assert default.author is not None
        assert (default.author.id, default.analysis_service_id) == (manager.user_id, service_id)
        assert default.stats == {"daily_limit": 4, "daily_count": 0, "last_run": None}
        changes = analysis.DefaultAnalysisPost(daily_limit=5)
        analysis.update_default_analysis(client, service_id, default_id, changes)
        (listed,) = analysis.fetch_default_analyses(client, service_id)
        assert (listed.id, listed.stats["daily_limit"]) == (default_id, 5)
        analysis.delete_default_analysis(client, service_id, default_id)
        assert analysis.fetch_default_analyses(client, service_id) == []
