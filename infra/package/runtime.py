"""Where the functions run: the one place that names Lambda's runtime, and what follows from it."""

from dataclasses import dataclass

RUNTIME = "python3.13"

PYTHON = RUNTIME.removeprefix("python")

GLIBC = (2, 34)
"""Of Amazon Linux 2023, on which Lambda's python3.12 and later stand."""

MAGIC_NUMBER = (3571).to_bytes(2, "little") + b"\r\n"
"""What compiled modules of this Python begin with (importlib.util.MAGIC_NUMBER there)."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """A processor that Lambda offers."""

    name: str
    """In a template."""
    machine: str
    """In the names of wheels."""
    elf: str
    """In the head of a binary."""

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms of wheels that can run there, the newest first."""
        newer = tuple(f"manylinux_2_{minor}_{self.machine}" for minor in range(GLIBC[1], 16, -1))
        return (*newer, f"manylinux2014_{self.machine}")


ARCHITECTURES = {
    each.name: each
    for each in (Architecture("x86_64", "x86_64", "EM_X86_64"), Architecture("arm64", "aarch64", "EM_AARCH64"))
}
