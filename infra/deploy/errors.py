"""Why a deployment cannot go on."""


class DeploymentFailed(Exception):
    """The message says what to do."""
