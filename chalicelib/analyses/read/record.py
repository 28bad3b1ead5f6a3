"""An analysis as callers read it: section 5 of the wire contract."""

import gzip
import json
from collections.abc import Callable
from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import group_records
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results.posted import MODEL_KEYS
from chalicelib.analyses.run import objects
from chalicelib.analyses.run.webhook_token import WEBHOOK_PATH
from chalicelib.services.items.service import Service

GroupsOf = Callable[[frozenset[int]], list[dict[str, Any]]]


def analysis_record(
    run: Run, service: Service | None, caller: Caller, *, filename: bool = False, groups_of: GroupsOf = group_records
) -> dict[str, Any]:
    """Return the full record; `token` is always null, because only the service ever sees it.

    `groups_of` returns the records of groups; a list, whose runs have the same, may remember them.
    """
    groups = run.group_ids if caller.is_admin else set(run.group_ids) & caller.group_ids
    record = {
        "id": run.id,
        "created_at": run.created_at,
        "modified": run.modified,
        "obj_id": run.obj_id,
        "author_id": run.author_id,
        "analysis_service_id": run.service_id,
        "hash": run.data_hash,
        "show_parameters": run.show_parameters,
        "show_plots": run.show_plots,
        "show_corner": run.show_corner,
        "analysis_parameters": run.analysis_parameters,
        "input_filters": run.input_filters or {},
        "invalid_after": run.invalid_after,
        "token": None,
        "handled_by_url": WEBHOOK_PATH,
        "status": run.status,
        "status_message": run.status_message,
        "duration": run.duration,
        "last_activity": run.last_activity,
        "groups": groups_of(frozenset(groups)),
        **_service_names(service),
        "num_plots": run.num_plots,
    }
    if filename:
        record["filename"] = None if run.receipt is None else objects.document_key(run.id)
    return record


def listed_record(
    run: Run, service: Service | None, caller: Caller, groups_of: GroupsOf, *, filename: bool = False
) -> dict[str, Any]:
    """Return a record of an object's list: with the model that the result describes, nulls where it does not."""
    model = {} if run.model is None else json.loads(gzip.decompress(run.model))
    record = analysis_record(run, service, caller, filename=filename, groups_of=groups_of)
    return {**record, **dict.fromkeys(MODEL_KEYS), **model}


def short_record(run: Run, service: Service | None) -> dict[str, Any]:
    """Return a record of a list over all objects."""
    return {
        "id": run.id,
        "obj_id": run.obj_id,
        "status": run.status,
        "status_message": run.status_message,
        "created_at": run.created_at,
        "last_activity": run.last_activity,
        "analysis_service_id": run.service_id,
        **_service_names(service),
    }


def _service_names(service: Service | None) -> dict[str, Any]:
    return {
        "analysis_service_name": None if service is None else service.display_name or service.name,
        "analysis_service_description": None if service is None else service.description,
    }
