"""The other tools, in fixed versions, each installed by its ordinary client into the work folder."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

PYTHON_PEERS = {"check-jsonschema": "0.39.0", "copier": "9.19.1", "cookiecutter": "2.7.1", "cupli": "0.8.1"}
SOURCEMETA = "16.11.0"
JSONSCHEMA_CLI = "0.60.2"


class CannotInstallError(Exception):
    """A peer is not to be had here. The comparison goes on without it."""


@dataclass(frozen=True)
class Peer:
    """An installed tool."""

    program: Path
    version: str


def available(names: Sequence[str], work: Path) -> dict[str, Peer]:
    """Installs what is named. What can't be installed is told loudly and left out."""
    peers = {}
    for name in names:
        try:
            peers[name] = INSTALLERS[name](work)
        except (CannotInstallError, OSError) as problem:
            print(f"!! SKIPPED: {name} is left out of every comparison: {problem}", file=sys.stderr, flush=True)
    return peers


def python_peer(name: str) -> Callable[[Path], Peer]:
    def install(work: Path) -> Peer:
        # An environment for each: what one tool depends on says nothing about the other.
        wanted = f"{name}=={PYTHON_PEERS[name]}"
        folder = work / "python" / wanted
        program = folder / "bin" / name
        if not program.exists():
            client([sys.executable, "-m", "venv", "--clear", folder])
            client([folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", wanted])
        return Peer(program, PYTHON_PEERS[name])

    return install


def sourcemeta(work: Path) -> Path:
    package = f"@sourcemeta/jsonschema@{SOURCEMETA}"
    folder = work / "npm" / SOURCEMETA
    home = folder / "node_modules/@sourcemeta/jsonschema"
    if not home.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        client(["npm", "install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--silent", package])
    return home


def sourcemeta_native(work: Path) -> Peer:
    machine = {"x86_64": "x86_64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    name = f"jsonschema-{platform.system().lower()}-{machine}"
    program = sourcemeta(work) / "build/github-releases" / name
    if not program.is_file():
        raise CannotInstallError(f"the package ships no {name}")
    program.chmod(0o755)
    return Peer(program, SOURCEMETA)


def sourcemeta_launcher(work: Path) -> Peer:
    return Peer(sourcemeta(work).parents[1] / ".bin/jsonschema", SOURCEMETA)


def jsonschema_cli(work: Path) -> Peer:
    folder = work / "cargo" / JSONSCHEMA_CLI
    program = folder / "bin/jsonschema-cli"
    if not program.exists():
        print(f"building jsonschema-cli {JSONSCHEMA_CLI}, which takes minutes", flush=True)
        begin = time.monotonic()
        client(
            ["cargo", "install", "jsonschema-cli", "--locked", "--quiet", "--version", JSONSCHEMA_CLI, "--root", folder]
        )
        print(f"built in {time.monotonic() - begin:.0f} s", flush=True)
    return Peer(program, JSONSCHEMA_CLI)


def fd(_work: Path) -> Peer:
    """fd, as installed here or by Debian's package, whose program is called fdfind."""
    if not (program := which_fd()) and shutil.which("apt-get") and os.geteuid() == 0:
        try:
            client(["apt-get", "install", "--yes", "-q", "fd-find"])
        except CannotInstallError:
            client(["apt-get", "update", "-q"])
            client(["apt-get", "install", "--yes", "-q", "fd-find"])
        program = which_fd()
    if not program:
        raise CannotInstallError("install fd (Debian: fd-find)")
    return Peer(Path(program), version_of([program, "--version"]))


def which_fd() -> str | None:
    return shutil.which("fdfind") or shutil.which("fd")


def version_of(command: Sequence[str | Path]) -> str:
    """The first number with a point in it that a program prints of itself."""
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    words = (run.stdout + run.stderr).split()
    return next((word.strip(",v") for word in words if "." in word and word.strip("v")[0].isdigit()), "unknown")


def client(command: Sequence[str | Path]) -> None:
    """Runs a package registry's client."""
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if run.returncode != 0:
        last = (run.stdout.strip().splitlines() or ["it said nothing"])[-1]
        raise CannotInstallError(f"`{Path(command[0]).name}` ended with {run.returncode}: {last}")


INSTALLERS: dict[str, Callable[[Path], Peer]] = {
    "check-jsonschema": python_peer("check-jsonschema"),
    "copier": python_peer("copier"),
    "cookiecutter": python_peer("cookiecutter"),
    "cupli": python_peer("cupli"),
    "sourcemeta": sourcemeta_native,
    "sourcemeta launcher": sourcemeta_launcher,
    "jsonschema-cli": jsonschema_cli,
    "fd": fd,
}
