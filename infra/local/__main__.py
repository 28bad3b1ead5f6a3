"""`python -m infra.local serve`: the whole of Siderostat on one machine."""

import sys

from infra.local.errors import StackError
from infra.local.options import parse


def main() -> int:
    """Run the command line and return the exit status."""
    options = parse(sys.argv[1:])
    try:
        from infra.local.stack import run  # noqa: PLC0415 - a missing package gets a sentence
    except ModuleNotFoundError as error:
        print(f"The Python package {error.name} is missing: `make run` installs what is needed.", file=sys.stderr)
        return 1
    try:
        return run(options)
    except StackError as error:
        print(error, file=sys.stderr)
        return error.status


if __name__ == "__main__":
    sys.exit(main())
