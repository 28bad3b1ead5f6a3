"""Builds the Chalice application and registers the blueprints; nothing else."""

import sys
from contextlib import suppress
from importlib import import_module

from chalicelib import clients
from chalicelib.accounts.routes import blueprint as accounts
from chalicelib.analyses.routes import blueprint as analyses
from chalicelib.events.routes import blueprint as events
from chalicelib.http import logs
from chalicelib.http.application import Application
from chalicelib.http.middleware import envelope_of_chalice
from chalicelib.openapi.routes import blueprint as openapi
from chalicelib.pages.routes import blueprint as pages
from chalicelib.relay.routes import blueprint as relay
from chalicelib.services.routes import blueprint as services
from chalicelib.settings import settings
from chalicelib.sources.routes import blueprint as sources
from chalicelib.summaries.routes import blueprint as summaries

app = Application(app_name="siderostat", configure_logs=False)
app.api.binary_types = ["*/*"]
app.register_middleware(envelope_of_chalice, "http")
for blueprint in (accounts, sources, services, analyses, relay, events, openapi, summaries, pages):
    app.register_blueprint(blueprint)
logs.configure()
if settings().lambda_name:
    clients.prepare()  # while a function begins nobody waits for it
else:  # those behind queues and clock are functions of their own there, which begin with their own modules
    for workers in (
        "chalicelib.analyses.handlers",
        "chalicelib.relay.handlers",
        "chalicelib.events.handlers",
        "chalicelib.summaries.handlers",
    ):
        app.register_blueprint(import_module(workers).blueprint)
if "chalice.cli" in sys.modules:  # `chalice local` answers unknown paths by itself, unless it is told how
    with suppress(ModuleNotFoundError):  # in a package there is none of that
        import_module("infra.local.http.chalice_local").install()
