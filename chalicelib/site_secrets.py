"""Secrets of the site: settings that hold a secret, or the ARN of one that Secrets Manager or Parameter Store keeps."""

from chalicelib import aws
from chalicelib.memory import Remembered

_MANAGER = ":secretsmanager:"
_PARAMETER = ":parameter"

_read: Remembered[str] = Remembered(seconds=300)


def site_secret(setting: str | None) -> str | None:
    """Return what a setting stands for, or None if there is nothing; what is kept elsewhere is remembered for 300 s.

    A parameter that nobody has stored yet is nothing; a secret that is not there is an error of the deployment.

    Raises
    ------
    botocore.exceptions.ClientError
        The secret is not there, or may not be read.
    """
    text = setting or ""
    if not text.startswith("arn:"):
        return text or None
    found = _read.get(text)
    if found is None:
        found = _secret(text) if _MANAGER in text else _parameter(text)
        _read.put(text, found)
    return found or None


def _secret(arn: str) -> str:
    return aws.secrets_manager().get_secret_value(SecretId=arn)["SecretString"]


def _parameter(arn: str) -> str:
    manager = aws.parameter_store()
    try:
        answer = manager.get_parameter(Name=arn.partition(_PARAMETER)[2], WithDecryption=True)
    except manager.exceptions.ParameterNotFound:
        return ""
    return answer["Parameter"]["Value"]
