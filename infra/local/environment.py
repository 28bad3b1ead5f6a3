"""The environment of the stack's processes: which AWS they reach, and the site's settings."""

import json
import os
import uuid
from dataclasses import dataclass

from chalicelib.settings import Settings
from infra.local.aws.account import ACCOUNT_ID, CREDENTIALS, REGION
from infra.local.errors import StackError
from infra.local.http.listening import HOST


@dataclass(frozen=True, slots=True)
class Site:
    """What a stack is made for.

    Parameters
    ----------
    url : str
        Where the API is reached.
    embedded_aws_url : str or None
        Where the embedded AWS is reached; None if AWS_ENDPOINT_URL names another.
    products_url : str
        Where the products function is reached.
    admin_token : str
        The first administrator's token.
    signing_secret : str
        What the embedded AWS signs URLs with, as the secret of its one access key.
    public_url : str or None
        Where services and people reach the API, if not there.
    """

    url: str
    embedded_aws_url: str | None
    products_url: str
    admin_token: str
    signing_secret: str
    public_url: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Where in AWS the resources lie."""

    account_id: str
    region: str


def external_endpoint() -> str | None:
    """Return the AWS-compatible endpoint that the environment names."""
    return os.environ.get("AWS_ENDPOINT_URL") or None


def known_admin_token() -> str | None:
    """Return the first administrator's token if the environment names it."""
    return os.environ.get("SIDEROSTAT_ADMIN_TOKEN") or None


def new_admin_token() -> str:
    """Make up a token."""
    return str(uuid.uuid4())


def enter(site: Site) -> Account:
    """Put this process, and with it all that it starts, into the site's environment; return its AWS account.

    Raises
    ------
    StackError
        The external endpoint cannot be reached or refuses.
    """
    if site.embedded_aws_url:
        os.environ.pop("AWS_PROFILE", None)
        signing = {"AWS_SECRET_ACCESS_KEY": site.signing_secret}
        os.environ.update({**CREDENTIALS, **signing, "AWS_ENDPOINT_URL": site.embedded_aws_url})
    else:
        os.environ.update({name: value for name, value in CREDENTIALS.items() if name not in os.environ})
    os.environ.update(
        {
            "AWS_ENDPOINT_URL_LAMBDA": site.products_url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": ",".join(filter(None, [os.environ.get("NO_PROXY"), HOST, "localhost"])),
            "PYTHONUNBUFFERED": "1",
            "SIDEROSTAT_ADMIN_TOKEN": site.admin_token,
        }
    )
    if site.public_url:
        os.environ["SIDEROSTAT_PUBLIC_URL"] = site.public_url
    if site.embedded_aws_url and os.environ.get("SIDEROSTAT_PUBLIC_URL"):
        os.environ.setdefault("SIDEROSTAT_BUCKET_URL", os.environ["SIDEROSTAT_PUBLIC_URL"].rstrip("/"))
    os.environ.setdefault("SIDEROSTAT_PUBLIC_URL", site.url)
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")  # glibc else keeps what each of many threads has freed
    os.environ.setdefault("SIDEROSTAT_ALLOWED_HOSTS", json.dumps([HOST, "localhost"]))
    account = _account(embedded=site.embedded_aws_url is not None)
    os.environ["SIDEROSTAT_BUCKET"] = f"{Settings().prefix}-{account.account_id}"
    return account


def _account(*, embedded: bool) -> Account:
    if embedded:
        return Account(ACCOUNT_ID, REGION)
    # imported when there is another AWS: the embedded one creates by itself what it does not have yet
    import boto3  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    region = os.environ.get("AWS_REGION") or os.environ["AWS_DEFAULT_REGION"]
    try:
        return Account(boto3.client("sts").get_caller_identity()["Account"], region)
    except (BotoCoreError, ClientError) as error:
        raise _unusable(error) from None


def create_resources(account: Account) -> None:
    """Create what the AWS endpoint that the environment names does not have yet.

    Raises
    ------
    StackError
        The endpoint refuses.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - as above

    from infra.local.aws.resources import create_missing  # noqa: PLC0415 - as above

    try:
        create_missing(Settings().prefix, account.account_id, account.region)
    except (BotoCoreError, ClientError) as error:
        raise _unusable(error) from None


def _unusable(error: Exception) -> StackError:
    return StackError(f"The AWS endpoint {external_endpoint()} cannot be used: {error}")
