"""Whether binaries can be loaded where Lambda runs them: by the symbols that they need, not by the names of wheels."""

import re
from collections.abc import Iterator
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection

from infra.package.errors import PackagingFailed
from infra.package.runtime import GLIBC, Architecture

_MAGIC = b"\x7fELF"
_GLIBC = re.compile(r"GLIBC_(\d+)\.(\d+)(?:\.\d+)?")


def check(folder: Path, architecture: Architecture) -> None:
    """Refuse binaries for another processor, and those that need a newer C library than the runtime has.

    Raises
    ------
    PackagingFailed
        Names them.
    """
    problems = [problem for file in sorted(folder.rglob("*")) if file.is_file() for problem in _of(file, architecture)]
    if problems:
        named = "\n".join(problem.replace(str(folder) + "/", "") for problem in problems)
        raise PackagingFailed(f"Lambda cannot load these:\n{named}")


def _of(file: Path, architecture: Architecture) -> Iterator[str]:
    with file.open("rb") as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            return
        try:
            binary = ELFFile(stream)
            if binary["e_machine"] != architecture.elf:
                yield f"{file} is made for {binary['e_machine']}, not for {architecture.name}"
            newest = max(_versions(binary), default=(0, 0))
        except ELFError as error:
            yield f"{file} cannot be read: {error}"
            return
    if newest > GLIBC:
        yield f"{file} needs glibc {newest[0]}.{newest[1]}, and the runtime has {GLIBC[0]}.{GLIBC[1]}"


def _versions(binary: ELFFile) -> Iterator[tuple[int, int]]:
    for section in binary.iter_sections():
        if isinstance(section, GNUVerNeedSection):
            for _, needed in section.iter_versions():
                for version in needed:
                    if found := _GLIBC.fullmatch(version.name):
                        yield int(found[1]), int(found[2])
