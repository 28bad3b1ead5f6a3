"""Classifications of a source."""

from typing import Annotated, Any

from pydantic import Field, RootModel

from chalicelib import clock, transactions
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import group_records
from chalicelib.accounts.permissions import CLASSIFY
from chalicelib.accounts.users.users import user_record
from chalicelib.http.parsing import Body, Id, ObjectName
from chalicelib.ids import new_id
from chalicelib.registry import sort_key
from chalicelib.sources.items.classification import CLASSIFICATION, Classification
from chalicelib.sources.records.taxonomies import check_class, taxonomy, taxonomy_named
from chalicelib.sources.source import triggers
from chalicelib.sources.source.access import GroupIds, check_change, group_ids_of, readable_source, shared_groups
from chalicelib.sources.source.body import Text
from chalicelib.sources.source.find_record import find_record
from chalicelib.sources.source.remarks import delete_remark, write_remark

Probability = Annotated[float | None, Field(ge=0, le=1, allow_inf_nan=False)]
ClassName = Annotated[str, Field(min_length=1, max_length=200)]


class ClassificationPost(Body):
    """A class of a taxonomy."""

    obj_id: ObjectName
    classification: ClassName
    taxonomy_id: Id
    probability: Probability = None
    origin: Text = None
    ml: bool = False
    vote: bool = Field(default=True, description="whether the author votes for it")
    group_ids: GroupIds = None


class ClassificationsPost(Body):
    """Several at once."""

    classifications: Annotated[list[ClassificationPost], Field(min_length=1, max_length=100)]


class ClassificationBody(RootModel[ClassificationsPost | ClassificationPost]):
    """One classification, or several."""


def add_classification(caller: Caller, post: ClassificationPost) -> int:
    """Store a classification, announce it and return its number.

    Raises
    ------
    NotFound
        "Source not found".
    BadRequest
        The taxonomy does not exist or has no such class.
    """
    source = readable_source(caller, post.obj_id)
    check_class(taxonomy(post.taxonomy_id), post.classification)
    number = new_id()
    groups = shared_groups(caller, source, post.group_ids)
    _write_new(
        Classification(
            post.obj_id,
            CLASSIFICATION + sort_key(number),
            record_id=number,
            owner_id=caller.user_id,
            author_name=caller.username,
            group_ids=set(groups),
            author_votes=post.vote,
            **post.model_dump(include={"classification", "taxonomy_id", "probability", "origin", "ml"}),
        )
    )
    triggers.announce(
        "classified",
        post.obj_id,
        group_ids=sorted(groups),
        user_id=caller.user_id,
        classification_id=number,
        classification=post.classification,
        probability=post.probability,
        taxonomy_id=post.taxonomy_id,
    )
    return number


def put_classification(  # noqa: PLR0913 - what an analysis says about a class
    obj_id: str,
    classification: str,
    *,
    taxonomy_of: int | str,
    probability: float | None,
    origin: str | None,
    group_ids: frozenset[int],
    user_id: int,
    username: str,
    analysis_id: int,
    position: int,
) -> None:
    """Store a classification that an analysis gave; not announced, and stored once for each analysis and position.

    Parameters
    ----------
    taxonomy_of : int or str
        Number of a taxonomy, or the name of one, of which the latest is meant.
    position : int
        Which of the analysis' classifications this is.

    Raises
    ------
    BadRequest
        The taxonomy does not exist or has no such class.
    """
    within = taxonomy(taxonomy_of) if isinstance(taxonomy_of, int) else taxonomy_named(taxonomy_of)
    check_class(within, classification)
    key = obj_id, f"{CLASSIFICATION}analysis#{sort_key(analysis_id)}#{position:04d}"
    item = Classification(
        *key,
        record_id=new_id(),
        owner_id=user_id,
        author_name=username,
        group_ids=set(group_ids),
        classification=classification,
        taxonomy_id=within.id,
        probability=probability,
        origin=origin,
        ml=True,
        analysis_id=analysis_id,
        author_votes=False,
    )
    transactions.holds(lambda: _write_new(item), 0)


def remove_classification(caller: Caller, classification_id: int) -> None:
    """Delete a classification; raise Forbidden to all but its author and those who manage sources."""
    item = find_record(caller, Classification, classification_id)
    check_change(caller, item, CLASSIFY)
    delete_remark(item, lambda write: write.delete(item))


def classification_record(item: Classification) -> dict[str, Any]:
    """Return a classification as JSON."""
    return {
        "id": item.id,
        "created_at": clock.iso(item.created_at),
        "modified": clock.iso(item.modified),
        "obj_id": item.obj_id,
        "classification": item.classification,
        "taxonomy_id": item.taxonomy_id,
        "probability": item.probability,
        "origin": item.origin,
        "ml": item.ml,
        "author_name": item.author_name,
        "author_id": item.owner_id,
        "author": user_record(item.owner_id),
        "groups": group_records(group_ids_of(item)),
        "edits": [],
        "votes": [_vote(item)] if item.author_votes else [],
    }


def _vote(item: Classification) -> dict[str, Any]:
    """Return the vote that a classification brings along: its author's. Nobody else votes here."""
    return {
        "id": item.id,
        "created_at": clock.iso(item.created_at),
        "modified": clock.iso(item.created_at),
        "classification_id": item.id,
        "voter_id": item.owner_id,
        "vote": 1,
    }


def _write_new(item: Classification) -> None:
    write_remark(item, lambda write: write.save(item, Classification.sk.does_not_exist()))
