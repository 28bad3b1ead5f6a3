"""The blueprint that the endpoints of analyses share."""

from chalice.app import Blueprint

blueprint = Blueprint(__name__)
