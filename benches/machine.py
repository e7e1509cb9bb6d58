"""What the measurements were made on."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import peers


def description(work: Path, installed: dict[str, peers.Peer]) -> str:
    """Cores, memory, file system and versions, as Markdown."""
    versions = {name: peer.version for name, peer in installed.items() if name != "sourcemeta launcher"}
    if "sourcemeta" in versions:
        versions["@sourcemeta/jsonschema"] = versions.pop("sourcemeta")
    versions |= {
        "git": peers.version_of(["git", "--version"]),
        "rustc": peers.version_of(["rustc", "--version"]),
        "Python": platform.python_version(),
    }
    lines = [
        f"- {os.cpu_count()} cores, {processor()}, {memory()} of memory, {platform.system()} {release()}; "
        f"files on {file_system(work)}",
        f"- {', '.join(f'{name} {version}' for name, version in sorted(versions.items(), key=lambda x: x[0].lower()))}",
    ]
    return "\n".join(lines)


def state() -> str:
    """How busy the machine is besides."""
    return f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


def release() -> str:
    return ".".join(platform.release().split(".")[:2])


def file_system(folder: Path) -> str:
    """The type of the file system that a folder is on: the longest mount point above it."""
    mounts = (line.split() for line in Path("/proc/mounts").read_text().splitlines())
    above = [(fields[1], fields[2]) for fields in mounts if folder.resolve().is_relative_to(fields[1])]
    return max(above, key=lambda mount: len(mount[0]), default=("", "an unknown file system"))[1]


def revision(root: Path) -> str:
    """The commit that is checked out, and whether src/ differs from it."""
    head = git(root, "rev-parse", "--short", "HEAD")
    changed = git(root, "status", "--porcelain", "--", "src", "Cargo.toml", "Cargo.lock", "schemas")
    return f"commit {head}{' with changes' if changed else ''}" if head else "no commit"


def git(root: Path, *arguments: str) -> str:
    run = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        print(f"git {arguments[0]}: {run.stderr.strip()}", file=sys.stderr)
    return run.stdout.strip()
