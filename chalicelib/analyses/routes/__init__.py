"""The endpoints of analyses; the work is done in the modules named by verbs."""

from chalicelib.analyses.routes import batches, control, products, runs, starting, watching, webhook
from chalicelib.analyses.routes.blueprint import blueprint

__all__ = ["batches", "blueprint", "control", "products", "runs", "starting", "watching", "webhook"]
