import pytest

from tests.summary_search.summarized import AGN, IA, TDE, make_source
from tests.support.embedding_server import EmbeddingServer
from tests.support.people import make_group, make_user
from tests.support.worker import embed_all

KEY = "sk-site-0123456789"


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
