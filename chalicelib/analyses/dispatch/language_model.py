"""What summary services get besides the inputs when a run is sent: a key and parameters, never stored with the run.

An author whose preferences say `summary.OpenAI.active` uses their own; what they leave open is the site's. Who pays
chooses: with the site's key go the site's model and its limit of tokens.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.accounts.language_model import ModelParameters
from chalicelib.accounts.preferences import summary_settings
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.run.sealed import opened
from chalicelib.services.items.service import Service
from chalicelib.services.parameters import OPENAI_API_KEY, SUMMARY_PARAMETERS
from chalicelib.settings import settings
from chalicelib.site_secrets import site_secret

_WHO_PAYS_CHOOSES = frozenset({"model", "max_tokens"})


@dataclass(frozen=True, slots=True)
class Addition:
    """What goes into a document when it is sent."""

    parameters: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts that must not come back in an answer that we show."""
        key = self.parameters.get(OPENAI_API_KEY)
        return () if key is None else (key,)

    def to(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return the document with this addition among its parameters."""
        if not self.parameters:
            return {**document}
        inputs = document["inputs"]
        parameters = {**(inputs.get("analysis_parameters") or {}), **self.parameters}
        return {**document, "inputs": {**inputs, "analysis_parameters": parameters}}


def added_to(run: Run, service: Service) -> Addition:
    """Return what a service gets with a run; with one that came through a relay the key that came with it, if any.

    Raises
    ------
    botocore.exceptions.ClientError
        KMS refused to decrypt a key: try again.
    """
    if run.relay_id is None:
        return addition(run.author_id, service)
    return Addition() if run.sealed_key is None else Addition({OPENAI_API_KEY: opened(run.relay_id, run.sealed_key)})


def addition(author_id: int, service: Service) -> Addition:
    """Return what a service gets: nothing unless it writes summaries, and a key only if an administrator trusts it.

    Raises
    ------
    botocore.exceptions.ClientError
        KMS refused to decrypt the author's key: try again.
    """
    if not service.is_summary:
        return Addition()
    own = summary_settings(author_id)
    preferences = own.openai or {}
    active = preferences.get("active") is True
    chosen = ModelParameters(**preferences).model_dump(exclude_none=True) if active else {}
    own_key = own.key() if active and service.trusted else None
    key = own_key or (site_secret(settings().openai_api_key) if service.trusted else None)
    if own_key is None:
        chosen = {name: value for name, value in chosen.items() if name not in _WHO_PAYS_CHOOSES}
    parameters: dict[str, Any] = {SUMMARY_PARAMETERS: {**settings().summary_parameters, **chosen}}
    return Addition(parameters if key is None else {OPENAI_API_KEY: key, **parameters})
