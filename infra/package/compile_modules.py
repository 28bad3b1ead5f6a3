"""Compiles the modules of a folder; run by the runtime's own Python, as a script.

Unchecked hashes: Lambda then never looks at a source's time, and the files are the same wherever they are made. One
process compiles all, in order, for which strings a compiled module shares depends on what was compiled before.
"""

import py_compile
import sys
from pathlib import Path


def main(folder: Path) -> None:
    """Write one compiled module beside each source that this Python understands."""
    for source in sorted(folder.rglob("*.py"), key=lambda file: file.relative_to(folder).as_posix()):
        try:
            py_compile.compile(
                str(source),
                # the name that an import looks for, whatever flags this Python was started with
                cfile=str(source.parent / "__pycache__" / f"{source.stem}.{sys.implementation.cache_tag}.pyc"),
                dfile=source.relative_to(folder).as_posix(),
                doraise=True,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )
        except (py_compile.PyCompileError, ValueError, RecursionError):
            continue  # templates and old syntax, which nobody imports


if __name__ == "__main__":
    main(Path(sys.argv[1]))
