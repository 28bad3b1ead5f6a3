"""The blueprint that all routes of sources share."""

from chalice.app import Blueprint

blueprint = Blueprint(__name__)
