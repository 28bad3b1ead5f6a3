"""What is deployed where."""

import re
from dataclasses import dataclass, field

from infra.deploy.errors import DeploymentFailed

_STAGE = re.compile(r"[a-z][a-z0-9-]{0,27}[a-z0-9]|[a-z]")


@dataclass(frozen=True, slots=True)
class Site:
    """A stage in one region of an account.

    Parameters
    ----------
    stage : str
        Lower-case letters, digits and hyphens.
    region : str
        Of AWS.
    parameters : dict
        Of the template, by name.

    Raises
    ------
    DeploymentFailed
        The stage cannot be part of the names of resources.
    """

    stage: str
    region: str
    parameters: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _STAGE.fullmatch(self.stage):
            raise DeploymentFailed(
                "STAGE is up to 29 lower-case letters, digits and hyphens, the first a letter: resources are named so."
            )

    @property
    def stack(self) -> str:
        """Name of the stack, and first part of the names of its resources."""
        return f"siderostat-{self.stage}"

    def packages(self, account: str) -> str:
        """Name of the bucket for packages, which all stages of an account and region share."""
        return f"siderostat-packages-{account}-{self.region}"
