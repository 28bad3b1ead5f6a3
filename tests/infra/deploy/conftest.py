"""An AWS with nothing in it, and packages that hold nothing, with the whole template."""

import pytest

from infra.local.aws.embedded_aws import EmbeddedAws
from tests.support.packages import empty_packages, generated


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    empty_packages(folder, generated(tmp_path_factory, "dev")[0], "dev")
    return folder


@pytest.fixture
def account(monkeypatch):
    with EmbeddedAws() as aws:
        monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
        yield aws
