"""The blueprint that the routes of accounts share."""

from chalice.app import Blueprint

blueprint = Blueprint(__name__)
