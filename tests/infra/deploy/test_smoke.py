"""The smoke test after a deployment, against a site: a run completes, or it is said what went wrong."""

import threading
import uuid

import pytest
import requests

from infra.deploy import smoke
from infra.deploy.errors import DeploymentFailed
from tests.conftest import ADMIN_TOKEN as TOKEN
from tests.support.service import StubService
from tests.support.site import Site


@pytest.fixture
def url(stack, configure):
    with Site(is_working=True) as site:
        configure(public_url=site.url)
        yield site.url


@pytest.fixture
def service():
    with StubService() as stub:
        yield stub


def answering(stub, result):
    """Have a service post a result after it has answered."""

    def react(received):
        callback = (received.document["callback_url"],)
        threading.Timer(0.2, requests.post, callback, {"json": result, "timeout": 20}).start()
        return stub.reaction

    stub.react = react


def left(url):
    """What is registered and saved now."""
    headers = {"Authorization": f"token {TOKEN}"}
    read = [
        requests.get(url + path, headers=headers, timeout=20).json()["data"]
        for path in ("/api/analysis_service", "/api/sources")
    ]
    return [each["name"] for each in read[0] if each["name"].startswith("smoke-")] + [
        each["id"] for each in read[1]["sources"] if each["id"].startswith("smoke-")
    ]


def test_a_run_is_sent_to_the_service_and_completes(url, service):
    answering(service, {"status": "success", "message": "well done", "analysis": {"results": {"a": 1}}})

    said = smoke.check(url + "/", TOKEN, service.url)

    assert "started, sent and answered: well done" in said
    [received] = service.received
    assert received.document["inputs"]["redshift"].splitlines()[0] == "redshift,redshift_error,redshift_origin"
    assert "//" not in received.document["callback_url"].partition("://")[2]
    assert left(url) == []


def test_without_a_service_a_result_is_uploaded_and_read(url):
    assert "was uploaded, and its results were read" in smoke.check(url, TOKEN, None)
    assert left(url) == []


@pytest.mark.parametrize(
    ("result", "reason"), [({"status": "error", "message": "no such model"}, "is failure: .*no such model")]
)
def test_a_run_that_fails_fails_the_deployment_with_the_reason_and_leaves_nothing(url, service, result, reason):
    answering(service, result)

    with pytest.raises(DeploymentFailed, match=reason):
        smoke.check(url, TOKEN, service.url)
    assert left(url) == []


def test_a_service_that_refuses_fails_it(url, service):
    service.reaction.status = 404

    with pytest.raises(DeploymentFailed, match="is failure"):
        smoke.check(url, TOKEN, service.url)
    assert left(url) == []


def test_a_service_that_stays_silent_fails_it_in_the_end(url, service, monkeypatch):
    monkeypatch.setattr(smoke, "_SECONDS", 3)

    with pytest.raises(DeploymentFailed, match=r"is (pending|timed_out)"):
        smoke.check(url, TOKEN, service.url)
    assert left(url) == []


def test_a_wrong_token_or_address_is_a_sentence(url):
    with pytest.raises(DeploymentFailed, match="answered 401"):
        smoke.check(url, str(uuid.uuid4()), None)
    with pytest.raises(DeploymentFailed, match="does not answer as Siderostat does"):
        smoke.check("http://127.0.0.1:9", TOKEN, None)
