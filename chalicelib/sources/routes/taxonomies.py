"""`/api/taxonomy`."""

from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import POST_TAXONOMY
from chalicelib.sources.items.taxonomy import Taxonomy
from chalicelib.sources.records import taxonomies
from chalicelib.sources.routes.blueprint import answers, blueprint


@endpoint(blueprint, "POST", "/api/taxonomy", permission=POST_TAXONOMY, answers=lambda: answers.NewTaxonomy)
def post_taxonomy(caller: Caller, body: taxonomies.TaxonomyPost) -> dict[str, int]:
    """Add a taxonomy."""
    return {"taxonomy_id": taxonomies.add_taxonomy(caller, body)}


@endpoint(blueprint, "GET", "/api/taxonomy", answers=lambda: list[answers.Taxonomy])
def get_taxonomies() -> list[dict[str, Any]]:
    """List taxonomies."""
    return [taxonomies.taxonomy_record(item) for item in Taxonomy.all()]


@endpoint(blueprint, "GET", "/api/taxonomy/{taxonomy_id}", answers=lambda: answers.Taxonomy)
def get_taxonomy(taxonomy_id: int) -> dict[str, Any]:
    """Read one taxonomy."""
    return taxonomies.taxonomy_record(taxonomies.taxonomy(taxonomy_id))


@endpoint(blueprint, "DELETE", "/api/taxonomy/{taxonomy_id}", permission=POST_TAXONOMY)
def delete_taxonomy(taxonomy_id: int) -> None:
    """Remove a taxonomy."""
    taxonomies.remove_taxonomy(taxonomy_id)
