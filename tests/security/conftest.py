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
from tests.support.once import once
from tests.support.service import StubService
from tests.support.tour import Seen, Tour


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
def tour(stack, tmp_path_factory) -> Seen:
    """What was seen on the whole tour, which one process of the run takes for all."""
    importlib.import_module("app")  # whose routes were visited
    return once(tmp_path_factory, "tour", lambda: _seen(stack))


def _seen(stack) -> Seen:
    stack.empty()
    with _settings_of_the_tour(), StubService() as service, _everything_logged() as text:
        tour = Tour(Api(ADMIN_TOKEN), service)
        tour.go()
        return tour.seen(ADMIN_TOKEN, text.getvalue())
