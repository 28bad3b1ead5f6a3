"""The command line of the local stack."""

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from infra.local.http.listening import HOST

_ROOT = Path(__file__).parents[2]
_LAST_PORT = 65535
_UNPRINTED = re.compile(r"[^!-~]")


@dataclass(frozen=True, slots=True)
class Options:
    """What whoever starts a stack decides."""

    port: int
    admin_token: str | None
    demo: bool
    many: bool
    once: bool
    output: Path
    concurrency: int
    clock_seconds: float
    log: Path | None
    data: Path | None
    host: str
    public_url: str | None

    def log_file(self, port: int) -> Path | None:
        """Return where the processes write their logs; None for standard output, as a service does."""
        if self.log is None and self.data is not None and not self.demo:
            return None
        return self.log or _ROOT / "build" / "logs" / f"siderostat-{port}.log"


@dataclass(frozen=True, slots=True)
class Environment:
    """What `env` is given."""

    port: int


@dataclass(frozen=True, slots=True)
class Backup:
    """What `backup` is given."""

    data: Path
    to: Path


@dataclass(frozen=True, slots=True)
class Restore:
    """What `restore` is given."""

    source: Path
    data: Path


@dataclass(frozen=True, slots=True)
class Import:
    """What `import` is given: files or folders of one's own data, and what they do not say."""

    files: tuple[Path, ...]
    url: str
    token: str | None
    data: Path | None
    obj_id: str | None
    ra: float | None
    dec: float | None
    redshift: float | None
    zp: float | None
    observed_at: str | None
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Export:
    """What `export` is given: sources, the folder for them, and which files: `original`, `normalised` or both."""

    obj_ids: tuple[str, ...]
    url: str
    token: str | None
    data: Path | None
    output: Path
    only: str | None


_OWN_DATA: dict[str, type[Import] | type[Export]] = {"import": Import, "export": Export}


@dataclass(frozen=True, slots=True)
class Transfer:
    """What `export --endpoint-url` and `import-from` are given: an installation, and the AWS to copy to or from."""

    data: Path
    endpoint: str
    out: bool


class _Parser(argparse.ArgumentParser):
    """Refuses in one line."""

    def error(self, message: str) -> NoReturn:
        """End the process."""
        self.exit(2, f"{self.prog}: {message} (--help lists what there is)\n")


def parse(arguments: list[str]) -> Options | Environment | Backup | Restore | Import | Export | Transfer:
    """Read the command line; what is wrong with it ends the process with a sentence."""
    parser = _Parser(prog="python -m infra.local", description="The whole of Siderostat on one machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    beside = commands.add_parser("env", help="print what to export to work beside a running stack")
    beside.add_argument("--port", type=_port, default=8000, help="where the stack serves (default: %(default)s)")
    _add_serve(commands)
    backup = commands.add_parser("backup", help="copy an installation into one file, while it is served or not")
    backup.add_argument("--data", type=_path, metavar="DIR", required=True, help="the installation's folder")
    backup.add_argument(
        "--to", type=_path, metavar="FILE", required=True, help="the copy; one of that name is replaced"
    )
    restore = commands.add_parser("restore", help="make an installation of its copy")
    restore.add_argument("--from", dest="source", type=_path, metavar="FILE", required=True, help="the copy")
    restore.add_argument("--data", type=_path, metavar="DIR", required=True, help="an empty or a new folder")
    _add_own_data(commands)
    inward = commands.add_parser("import-from", help="copy tables and objects from another AWS into an installation")
    inward.add_argument("--data", type=_path, metavar="DIR", required=True, help="the installation's folder")
    inward.add_argument("--endpoint-url", type=_url, metavar="URL", required=True, help="of the other AWS")
    found = parser.parse_args(arguments)
    if found.command == "import-from":
        return Transfer(found.data, found.endpoint_url, out=False)
    if found.command == "export" and (found.endpoint_url or not found.obj_ids):
        if not found.endpoint_url or not found.data or found.obj_ids:
            parser.error("export takes objects, or --data and --endpoint-url")
        return Transfer(found.data, found.endpoint_url, out=True)
    if found.command in _OWN_DATA:
        return _own_data(found)
    if found.command == "env":
        return Environment(found.port)
    return _of_installation(found)


def _of_installation(found: argparse.Namespace) -> Options | Backup | Restore:
    if found.command == "backup":
        return Backup(found.data, found.to)
    if found.command == "restore":
        return Restore(found.source, found.data)
    return _options(found)


def _add_serve(commands: "argparse._SubParsersAction[_Parser]") -> None:
    serve = commands.add_parser(
        "serve", help="start it and serve until Ctrl-C or SIGTERM; AWS_ENDPOINT_URL names an AWS to use, if not its own"
    )
    serve.add_argument("--port", type=_port, default=8000, help="0 takes a free one (default: %(default)s)")
    serve.add_argument("--admin-token", help="the first administrator's token, a UUID4 (default: a new one)")
    serve.add_argument(
        "--demo",
        nargs="?",
        const="one",
        choices=("one", "many"),
        help="fit a supernova's light curve and show what comes back; many: and load all demonstration data, analysed",
    )
    serve.add_argument("--once", action="store_true", help="end after the demo: status 0 if its analysis has completed")
    serve.add_argument(
        "--output", type=Path, default=_ROOT / "demo-output", help="where the demo saves (default: demo-output)"
    )
    serve.add_argument(
        "--concurrency", type=_count, default=8, help="most invocations of a queue's function (default: %(default)s)"
    )
    serve.add_argument(
        "--clock",
        type=_seconds,
        default=5.0,
        help="longest wait of what runs by the clock, in s (default: %(default)s)",
    )
    serve.add_argument(
        "--log", type=Path, help="log file (default: build/logs/siderostat-PORT.log, stdout with --data)"
    )
    serve.add_argument("--data", type=_path, metavar="DIR", help="keep everything in this folder, and go on from there")
    serve.add_argument("--host", default=HOST, help="address to listen on (default: %(default)s)")
    serve.add_argument(
        "--public-url", type=_url, metavar="URL", help="where services and people reach it, if not there"
    )


def _add_own_data(commands: "argparse._SubParsersAction[_Parser]") -> None:
    take = commands.add_parser("import", help="put one's own photometry and spectra into a running stack")
    take.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV, ECSV, FITS, JSON, or what export wrote")
    take.add_argument("--object", dest="obj_id", help="whose data they are (default: what the file says, or its name)")
    take.add_argument("--ra", type=float, help="of a new source, in degrees (default: what the file says)")
    take.add_argument("--dec", type=float, help="the same")
    take.add_argument("--redshift", type=float, help="of a new source")
    take.add_argument("--zp", type=float, help="AB zero point of fluxes that have no unit (23.9: microjansky)")
    take.add_argument("--observed-at", help="when a spectrum was taken that does not say it")
    take.add_argument("--dry-run", action="store_true", help="only say what is in the files")
    give = commands.add_parser("export", help="write sources, their photometry and spectra, as import reads them")
    give.add_argument("obj_ids", nargs="*", metavar="OBJECT")
    give.add_argument(
        "--endpoint-url",
        type=_url,
        metavar="URL",
        help="copy a whole installation to this AWS instead, its tables and objects",
    )
    give.add_argument("--output", type=Path, default=Path(), help="a folder for each object is made here")
    give.add_argument(
        "--only",
        choices=("original", "normalised"),
        help="original: files as they came; normalised: all data as import reads it anywhere (default: both)",
    )
    for command in (take, give):
        command.add_argument("--url", type=_url, default="http://127.0.0.1:8000", help="(default: %(default)s)")
        command.add_argument("--token", help="(default: SIDEROSTAT_TOKEN, or the one in --data)")
        command.add_argument("--data", type=_path, metavar="DIR", help="the installation's folder, for its token")


def _own_data(found: argparse.Namespace) -> Import | Export:
    given = {name: value for name, value in vars(found).items() if name not in {"command", "endpoint_url"}}
    kind: Callable[..., Import | Export] = _OWN_DATA[found.command]
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in given.items()})


def _options(found: argparse.Namespace) -> Options:
    return Options(
        port=found.port,
        admin_token=found.admin_token,
        demo=bool(found.demo) or found.once,
        many=found.demo == "many",
        once=found.once,
        output=found.output,
        concurrency=found.concurrency,
        clock_seconds=found.clock,
        log=found.log,
        data=found.data,
        host=found.host,
        public_url=found.public_url,
    )


def _path(text: str) -> Path:
    if not text.strip():  # an unset variable of a shell: this folder is not what is meant
        raise argparse.ArgumentTypeError("it is empty: name a file or a folder")
    return Path(text)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is no port: use 0 to {_LAST_PORT}")
    return int(text)


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_url = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_url = False
    if not is_url or parts.query or parts.fragment or not text.isascii() or _UNPRINTED.search(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no URL such as https://siderostat.example.org")
    return text.rstrip("/")


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return count


def _seconds(text: str) -> float:
    seconds = float(text)
    if not seconds > 0:
        raise argparse.ArgumentTypeError("more than 0")
    return seconds
