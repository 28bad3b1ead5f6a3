import importlib
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chalicelib.http.logs import JsonFormatter
from chalicelib.settings import settings
from tests.conftest import ADMIN_TOKEN
from tests.support.api import Api
from tests.support.embedding_server import EmbeddingServer
from tests.support.service import StubService
from tests.support.tour import Tour


@contextmanager
def _everything_logged() -> Iterator[io.StringIO]:
    """Collect what is logged, by us and by every library, down to INFO."""
    importlib.import_module("app")  # sets the level of our log
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(JsonFormatter())
    loggers = logging.getLogger("siderostat"), logging.getLogger()
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    try:
        yield text
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)


@pytest.fixture
def log_text():
    with _everything_logged() as text:
        yield text


@contextmanager
def _settings_of_the_tour() -> Iterator[None]:
    """Portals are not waited for, and embeddings are made here."""
    with pytest.MonkeyPatch.context() as patch, EmbeddingServer() as model:
        patch.setenv("SIDEROSTAT_RELAY_WAIT_SECONDS", "0")
        patch.setenv("OPENAI_BASE_URL", model.base_url)
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.fixture(scope="session")
def tour(stack):
    """The whole tour, done once, with what was logged on the way."""
    stack.empty()
    with _settings_of_the_tour(), StubService() as service, _everything_logged() as text:
        tour = Tour(Api(ADMIN_TOKEN), service)
        tour.go()
        tour.log = text.getvalue()
    return tour
