"""An AWS with nothing in it, and packages that hold nothing, with the whole template."""

import zipfile

import pytest

from infra.local.aws.embedded_aws import EmbeddedAws
from infra.package.build import TEMPLATE
from infra.package.generated import generate
from infra.package.template import ROOT, deployed, text_of


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    for name in ("deployment", "summarize", "products", "periodograms"):
        with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
            archive.writestr("app.py", name)
    template = deployed(generate(ROOT, tmp_path_factory.mktemp("code"), "try"), "try", "x86_64")
    (folder / TEMPLATE).write_text(text_of(template))
    return folder


@pytest.fixture
def account(monkeypatch):
    with EmbeddedAws() as aws:
        monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
        yield aws
