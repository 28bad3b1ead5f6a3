import json
import os
from pathlib import Path

import botocore.session
import pytest
from botocore.exceptions import DataNotFoundError
from botocore.loaders import Loader

from chalicelib.service_models import ServiceModels

OURS = ("dynamodb", "kms", "lambda", "s3", "secretsmanager", "sqs")


@pytest.fixture
def session():
    made = botocore.session.Session()
    ServiceModels.take_over(made)
    return made


@pytest.mark.parametrize("kind", ["service-2", "endpoint-rule-set-1"])
def test_the_models_of_our_services_are_botocores(session, kind):
    quick, botocores = session.get_component("data_loader"), Loader()

    for service in OURS:
        assert quick.load_service_model(service, kind) == botocores.load_service_model(service, kind)
    assert set(botocores.list_available_services(kind)) <= set(quick.list_available_services(kind))


def test_no_folder_of_another_service_is_looked_into(session, monkeypatch):
    looked, scan, look = [], os.scandir, os.listdir
    monkeypatch.setattr(os, "scandir", lambda path: looked.append(os.fspath(path)) or scan(path))
    monkeypatch.setattr(os, "listdir", lambda path: looked.append(os.fspath(path)) or look(path))

    session.get_component("data_loader").load_service_model("sqs", "service-2")

    assert {"data"} <= {Path(path).name for path in looked} <= {"data", "models", "sqs"}


def test_a_service_that_there_is_not_is_not_found(session):
    with pytest.raises(DataNotFoundError):
        session.get_component("data_loader").load_service_model("none", "service-2")


def test_models_are_also_found_where_the_configuration_names_them(monkeypatch, tmp_path):
    (tmp_path / "own" / "2026-01-01").mkdir(parents=True)
    (tmp_path / "own" / "2026-01-01" / "service-2.json").write_text(json.dumps({"metadata": {"uid": "own"}}))
    monkeypatch.setenv("AWS_DATA_PATH", os.pathsep.join((str(tmp_path / "none"), str(tmp_path))))
    session = botocore.session.Session()
    ServiceModels.take_over(session)

    assert session.get_component("data_loader").load_service_model("own", "service-2")["metadata"] == {"uid": "own"}
