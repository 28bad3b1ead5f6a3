"""A reader whose argument is the program that it runs: what a file could make the true ones do."""


def main(program: str) -> int:
    """Run a program; return 0."""
    exec(program, {"__name__": "reader"})
    return 0
