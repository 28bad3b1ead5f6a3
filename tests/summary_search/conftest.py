import pytest

from chalicelib.settings import settings
from tests.summary_search.summarized import AGN, IA, TDE, make_source
from tests.support.embedding_server import EmbeddingServer
from tests.support.people import make_group, make_user
from tests.support.worker import embed_all

KEY = "sk-site-0123456789"


@pytest.fixture
def configure(monkeypatch):
    """Change settings for one test."""

    def change(**fields: object) -> None:
        for name, value in fields.items():
            monkeypatch.setenv(f"SIDEROSTAT_{name.upper()}", str(value))
        settings.cache_clear()

    yield change
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def model(configure, monkeypatch):
    with EmbeddingServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        configure(openai_api_key=KEY)
        yield server


@pytest.fixture
def group(admin):
    return make_group(admin)


@pytest.fixture
def user(admin, group):
    return make_user(admin, groups=[group])


@pytest.fixture
def sources(model, user, group):
    """A supernova, a tidal disruption, and an active nucleus without a redshift."""
    made = [
        make_source(user, group, IA, redshift=0.03),
        make_source(user, group, TDE, redshift=0.1),
        make_source(user, group, AGN),
    ]
    embed_all()
    return made
