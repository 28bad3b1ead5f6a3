"""The embedded AWS goes by the same models and regions as moto, and reads each model once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from botocore import loaders
from moto.core.loaders import create_loader
from moto.sqs.models import sqs_backends

from infra.local.aws import cheap_models
from infra.local.aws.account import ACCOUNT_ID

SERVICES = [*sorted(cheap_models.NAMED_BY_THEIR_ENDPOINTS), "logs", "sts"]
THREADS = 8


@pytest.mark.parametrize("service", SERVICES)
def test_the_regions_of_a_service_are_those_that_its_model_leads_to(stack, service):
    session, backend = boto3.Session(), sqs_backends[ACCOUNT_ID]
    expected = [
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions(service, partition)
    ]

    assert cheap_models.regions(backend, service) == expected
    assert "us-east-1" in expected


@pytest.mark.parametrize("service", SERVICES)
def test_the_model_of_a_service_is_motos(stack, service):
    assert cheap_models.model(service, "service-2") == create_loader().load_service_model(service, "service-2")


def test_threads_that_ask_at_once_get_a_model_that_is_read_once(stack, monkeypatch):
    read, load = [], loaders.JSONFileLoader.load_file
    monkeypatch.setattr(loaders.JSONFileLoader, "load_file", lambda self, path: read.append(path) or load(self, path))
    cheap_models._models.cache_clear()
    barrier = threading.Barrier(THREADS)

    def ask(_):
        barrier.wait()
        return cheap_models.model("sqs", "service-2")

    with ThreadPoolExecutor(THREADS) as threads:
        models = list(threads.map(ask, range(THREADS)))

    assert all(model is models[0] for model in models)
    assert len(read) == len(set(read)) > 0
