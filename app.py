"""Builds the Chalice application and registers the rooms; nothing else."""

import sys
from contextlib import suppress
from importlib import import_module

from chalicelib import clients
from chalicelib.analyses import included
from chalicelib.collector import kept_for_good
from chalicelib.http import logs
from chalicelib.http.application import Application
from chalicelib.http.middleware import envelope_of_chalice
from chalicelib.rooms import HANDLERS, ROOMS

app = Application(app_name="siderostat", configure_logs=False)
app.api.binary_types = ["*/*"]
app.register_middleware(envelope_of_chalice, "http")
included.register()
logs.configure()
if app.register_rooms(ROOMS):
    for module in HANDLERS:  # on AWS functions of their own, which begin with their own modules
        app.register_blueprint(import_module(module).blueprint)
else:
    with kept_for_good():
        clients.prepare()  # while a function begins nobody waits for it
if "chalice.cli" in sys.modules:  # `chalice local` answers unknown paths by itself, unless it is told how
    with suppress(ModuleNotFoundError):  # in a package there is none of that
        import_module("infra.local.http.chalice_local").install()
