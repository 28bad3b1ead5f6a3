"""Puts messages back that were given up: `python -m infra.redrive --list`, then `python -m infra.redrive [queue]`."""

import argparse

from chalicelib.analyses.run import objects
from chalicelib.analyses.upkeep import dead_letters
from chalicelib.http.errors import ApiError


def redrive(queue: str | None, *, only_list: bool) -> int:
    """Show or try again what is kept below `dead/`; return how many messages could not be put back."""
    failed = 0
    for key in list(dead_letters.kept(queue)):
        if only_list:
            print(key, objects.get_json(key))  # noqa: T201 - talks to a person
            continue
        try:
            print(key, dead_letters.put_back(key), sep=": ")  # noqa: T201 - same
        except ApiError as error:
            failed += 1
            print(key, f"kept: {error.message}", sep=": ")  # noqa: T201 - same
    return failed


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m infra.redrive", description="Tries again what was given up.")
    parser.add_argument("queue", nargs="?", choices=sorted(dead_letters.ENDINGS))
    parser.add_argument("--list", action="store_true", help="show the messages and change nothing")
    arguments = parser.parse_args()
    raise SystemExit(1 if redrive(arguments.queue, only_list=arguments.list) else 0)


if __name__ == "__main__":
    main()
