"""`python -m infra.local`: the whole of Siderostat on one machine, and what belongs to it."""

import sys

from infra.local.errors import StackError
from infra.local.options import Backup, Environment, Export, Import, Options, Restore, Transfer, parse


def main() -> int:
    """Run the command line and return the exit status."""
    options = parse(sys.argv[1:])
    try:
        return _run(options)
    except ModuleNotFoundError as error:
        print(f"The Python package {error.name} is missing: `make run` installs what is needed.", file=sys.stderr)
        return 1
    except StackError as error:
        print(error, file=sys.stderr)
        return error.status


def _run(options: Options | Environment | Backup | Restore | Import | Export | Transfer) -> int:
    # what a command needs is imported when it is asked for: a missing package gets a sentence
    match options:
        case Backup(data, to):
            from infra.local.installation.backup import back_up  # noqa: PLC0415

            print(back_up(data, to))
        case Restore(source, data):
            from infra.local.installation.restore import restore  # noqa: PLC0415

            print(restore(source, data))
        case Environment(port):
            from infra.local.beside import show  # noqa: PLC0415

            show(port)
        case Transfer(data, endpoint, out):
            from infra.local.installation.transfer import carry  # noqa: PLC0415

            carry(data, endpoint, out=out)
        case Import():
            from infra.local.own_data.importing import import_files  # noqa: PLC0415

            return import_files(options)
        case Export():
            from infra.local.own_data.exporting import export  # noqa: PLC0415

            return export(options)
        case Options():
            from infra.local.stack import run  # noqa: PLC0415

            return run(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
