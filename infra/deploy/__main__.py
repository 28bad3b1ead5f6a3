"""`python -m infra.deploy deploy|destroy`: what docs/deploy.md does by hand, step by step."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from infra.deploy import change_set, smoke, takeover
from infra.deploy.destroy import destroy, kept
from infra.deploy.errors import DeploymentFailed
from infra.deploy.site import Site
from infra.deploy.upload import make_bucket, upload, url_of
from infra.package.build import OUTPUT, TEMPLATE, build
from infra.package.errors import PackagingFailed
from infra.package.runtime import ARCHITECTURES
from infra.plain_yaml import read_yaml

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient


def main() -> int:
    """Run the command line and return the exit status."""
    arguments = _parser().parse_args()
    try:
        site = Site(arguments.stage, _region(arguments.region), _parameters(arguments))
        return _deploy(site, arguments) if arguments.command == "deploy" else _destroy(site, yes=arguments.yes)
    except NoCredentialsError:
        print(
            "AWS knows nobody here: name a profile in AWS_PROFILE, or make one with `aws configure`.", file=sys.stderr
        )
    except (DeploymentFailed, PackagingFailed, BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print("Ended here; what AWS has begun goes on there. Look at the stack before you try again.", file=sys.stderr)
    return 1


def _deploy(site: Site, arguments: argparse.Namespace) -> int:
    formation, s3 = boto3.client("cloudformation", region_name=site.region), boto3.client("s3", region_name=site.region)
    update = change_set.exists(formation, site)
    folder: Path = arguments.package or OUTPUT
    if arguments.package is None:
        _say(f"Building {site.stack} for {arguments.architecture}.")
        build(folder, site.stage, arguments.architecture)
    account = boto3.client("sts", region_name=site.region).get_caller_identity()["Account"]
    bucket = site.packages(account)
    _say(f"Uploading to {bucket}.")
    make_bucket(s3, bucket, site.region)
    url = url_of(bucket, upload(s3, bucket, folder), site.region)
    if not update:
        template = read_yaml((folder / TEMPLATE).read_text())
        if left := takeover.retained(template, site, account):
            if not _taken_over(formation, site, template, left, yes=arguments.yes):
                return 1
            update = True
    name = change_set.make(formation, site, url, update=update)
    if name is None:
        _say(f"{site.stack} is as it should be already.")
    else:
        for line in change_set.changes(formation, site, name):
            _say(f"  {line}")
        if not _agreed(f"Carry out {name} on {site.stack} in {site.region}?", yes=arguments.yes):
            _say("Nothing was changed; the change set is there to be looked at.")
            return 1
        change_set.carry_out(formation, site, name, update=update)
    return _finish(site, change_set.outputs(formation, site), arguments.service)


def _taken_over(
    formation: "CloudFormationClient",
    site: Site,
    template: dict[str, Any],
    left: list[takeover.Retained],
    *,
    yes: bool,
) -> bool:
    """Import what a removed stack left, if somebody agrees."""
    _say(f"This was left by a stack {site.stack} that is gone, and holds its data:")
    for each in left:
        _say(f"  {each}")
    name = takeover.make(formation, site, template, left)
    if not _agreed(
        f"Take it over into a new {site.stack} in {site.region} by {name}, before the rest is made?", yes=yes
    ):
        _say("Nothing was changed; the change set is there to be looked at.")
        return False
    takeover.carry_out(formation, site, name)
    return True


def _finish(site: Site, outputs: dict[str, str], service: str | None) -> int:
    for name, value in sorted(outputs.items()):
        _say(f"{name:17} {value}")
    secret = boto3.client("secretsmanager", region_name=site.region)
    token = secret.get_secret_value(SecretId=outputs["AdminTokenSecret"])["SecretString"]
    _say(smoke.check(outputs["PublicUrl"], token, service))
    return 0


def _destroy(site: Site, *, yes: bool) -> int:
    formation = boto3.client("cloudformation", region_name=site.region)
    lines = kept(formation, site)
    _say("These stay, and cost what they hold, until you remove them yourself:")
    for line in lines:
        _say(f"  {line}")
    if not _agreed(f"Remove the rest of {site.stack} in {site.region}?", yes=yes):
        return 1
    destroy(formation, site)
    _say(f"{site.stack} is gone.")
    return 0


def _parameters(arguments: argparse.Namespace) -> dict[str, str]:
    given = dict(pair.split("=", 1) for pair in arguments.parameter)
    named = {"DomainName": arguments.domain, "CertificateArn": arguments.certificate}
    if bool(arguments.domain) != bool(arguments.certificate):
        raise DeploymentFailed("DOMAIN and CERTIFICATE belong together: give both, or neither.")
    return {**given, **{name: value for name, value in named.items() if value}}


def _region(given: str | None) -> str:
    region = given or os.environ.get("AWS_REGION") or boto3.session.Session().region_name
    if not region:
        raise DeploymentFailed("No region is named: REGION=us-east-1, or AWS_REGION.")
    return region


def _agreed(question: str, *, yes: bool) -> bool:
    if yes:
        return True
    try:
        return input(f"{question} [yes/no] ").strip().lower() == "yes"
    except EOFError:
        return False


def _say(line: str) -> None:
    print(line, flush=True)


def _pair(text: str) -> str:
    if "=" not in text:
        raise argparse.ArgumentTypeError(f"{text} is no NAME=VALUE")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description="Puts Siderostat into an AWS account.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("deploy", "make a stack, or bring it up to date"), ("destroy", "remove it, but for its data")):
        command = commands.add_parser(name, help=text)
        command.add_argument("--stage", required=True, help="the stack is siderostat-STAGE")
        command.add_argument("--region", help="of AWS (default: AWS_REGION, or the profile's)")
        command.add_argument("--yes", action="store_true", help="ask nothing")
        command.add_argument("--domain", help="a domain of yours for the API")
        command.add_argument("--certificate", help="ARN of its certificate in ACM, in the same region")
        command.add_argument("--parameter", action="append", default=[], type=_pair, metavar="NAME=VALUE")
        command.add_argument("--architecture", default="x86_64", choices=sorted(ARCHITECTURES))
        command.add_argument("--package", type=Path, help="what was built before (default: it is built)")
        command.add_argument("--service", help="URL of an analysis service for the smoke test")
    return parser


if __name__ == "__main__":
    sys.exit(main())
