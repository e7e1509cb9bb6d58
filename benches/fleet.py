"""Subprojects on the real Docker engine: what is measured in orchestrate.py, and what cleans up behind it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from measure import UnexpectedError

# What every name in the engine begins with.
PREFIX = "scalrbench"
IMAGE = f"{PREFIX}:1"
SOURCE = Path(__file__).resolve().parents[1] / "tests/engine/app/app.c"

COMPOSE = """\
name: {name}
services:
  {name}-web:
    image: {name}-web
    build: ./web
    command: [/app, serve]
    environment:
      APP: ${{APP_SLUG}}
    {more}
  {name}-side:
    image: {image}
    {more}
"""
# No health checks: the others don't wait for them, scalr does.
NETWORKED = "stop_grace_period: 1s\n    healthcheck: {disable: true}"
MANIFEST = """\
schema_version: 1
id: 00000000-0000-4000-8000-{number:012}
slug: {name}
name: {name}
description: A subproject of a benchmark.
kind: internal
created: 2026-11-22
ports: {{}}
"""


@dataclass(frozen=True)
class Fleet:
    """A repository of subprojects. `merged` and `space` are the same services as one project of Compose and of cupli."""

    root: Path
    names: list[str]

    @property
    def merged(self) -> Path:
        return self.root / "merged"

    @property
    def space(self) -> Path:
        return self.root / "space"

    def folder(self, name: str) -> Path:
        return self.root / "apps" / name

    def changing(self) -> Path:
        """A file that goes into the image of one subproject."""
        return self.folder(self.names[0]) / "web/data.txt"


def docker(*arguments: str | Path) -> str:
    done = subprocess.run(["docker", *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise UnexpectedError(f"docker {arguments[0]}: {done.stderr.strip()}")
    return done.stdout


def base_image(work: Path) -> None:
    """One static program and nothing else, the one of the engine's tests."""
    folder = work / "image"
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cc", "-static", "-O2", "-o", folder / "app", SOURCE], check=True)
    (folder / "Dockerfile").write_text('FROM scratch\nCOPY app /app\nCMD ["/app", "serve"]\n')
    docker("build", "--quiet", "--tag", IMAGE, folder)


def make(root: Path, count: int) -> Fleet:
    """So many subprojects of two services, one of which is built."""
    fleet = Fleet(root, [f"{PREFIX}{number:02}" for number in range(count)])
    begin(fleet)
    for number, name in enumerate(fleet.names):
        folder = subproject(fleet, number, COMPOSE.format(name=name, image=IMAGE, more=NETWORKED))
        (folder / "web").mkdir()
        (folder / "web/Dockerfile").write_text(f"FROM {IMAGE}\nCOPY data.txt /data.txt\n")
        (folder / "web/data.txt").write_text(f"{name}\n")
    merge(fleet)
    describe_space(fleet)
    return fleet


def make_small(root: Path, count: int) -> Fleet:
    """So many subprojects of one service and no network, since an engine has no room for a hundred of them."""
    fleet = Fleet(root, [f"{PREFIX}s{number:03}" for number in range(count)])
    begin(fleet)
    service = "stop_grace_period: 1s, network_mode: none, healthcheck: {disable: true}"
    for number, name in enumerate(fleet.names):
        subproject(fleet, number, f"name: {name}\nservices:\n  web: {{image: {IMAGE}, {service}}}\n")
    return fleet


def begin(fleet: Fleet) -> None:
    shutil.rmtree(fleet.root, ignore_errors=True)
    (fleet.root / "schemas").mkdir(parents=True)
    (fleet.root / ".env.shared").write_text("SHARED=1\n")
    register(fleet, len(fleet.names))


def register(fleet: Fleet, count: int) -> None:
    """registered-apps.txt with the first `count` subprojects."""
    lines = "".join(f"apps/{name}\n" for name in fleet.names[:count])
    (fleet.root / "registered-apps.txt").write_text(lines)


def subproject(fleet: Fleet, number: int, compose: str) -> Path:
    name = fleet.names[number]
    folder = fleet.folder(name)
    folder.mkdir(parents=True)
    (folder / "app.manifest.yml").write_text(MANIFEST.format(number=number, name=name))
    (folder / ".env.app").write_text(f"APP_SLUG={name}\n")
    (folder / "docker-compose.yml").write_text(compose)
    return folder


def merge(fleet: Fleet) -> None:
    """All of them as one project, by `include`."""
    fleet.merged.mkdir()
    includes = [
        {"path": f"../apps/{name}/docker-compose.yml", "env_file": ["../.env.shared", f"../apps/{name}/.env.app"]}
        for name in fleet.names
    ]
    # JSON is YAML.
    text = json.dumps({"name": f"{PREFIX}-merged", "include": includes})
    (fleet.merged / "docker-compose.yml").write_text(text)


def describe_space(fleet: Fleet) -> None:
    """All of them as a space of cupli, which is one project as well."""
    fleet.space.mkdir()
    common = {"stop_grace_period": "1s", "healthcheck": {"disable": True}}
    apps = {
        name: {
            "path": str(fleet.folder(name)),
            "services": {
                f"{name}-web": {
                    "image": f"{name}-web",
                    "build": str(fleet.folder(name) / "web"),
                    "command": ["/app", "serve"],
                    "environment": {"APP": name},
                    **common,
                },
                f"{name}-side": {"image": IMAGE, **common},
            },
        }
        for name in fleet.names
    }
    space = {"schema_version": 1, "name": f"{PREFIX}-space", "apps": apps}
    (fleet.space / "space.cupli.yaml").write_text(json.dumps(space))


def running() -> int:
    return sum(name.startswith(PREFIX) for name in docker("ps", "--format", "{{.Names}}").splitlines())


def rest() -> None:
    """The engine tidies up behind every call; what it still does is not the next one's work."""
    time.sleep(0.5)


def clear() -> None:
    """Nothing of a fleet is left in the engine but its images."""
    for kind, name in (("container", "Names"), ("network", "Name")):
        everything = ["--all"] if kind == "container" else []
        listed = docker(kind, "ls", *everything, "--format", f"{{{{.{name}}}}}").splitlines()
        if ours := [name for name in listed if name.startswith(PREFIX)]:
            docker(kind, "rm", *(["--force"] if kind == "container" else []), *ours)


@contextmanager
def cleared() -> Iterator[None]:
    """Before and after, nothing of a fleet is in the engine."""
    clear()
    try:
        yield
    finally:
        clear()
        listed = docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}").splitlines()
        if ours := [name for name in listed if name.startswith(PREFIX)]:
            docker("image", "rm", "--force", *ours)


def settings_of_docker() -> str:
    """docker's own folder, for programs that are given another home."""
    return os.environ.get("DOCKER_CONFIG") or str(Path.home() / ".docker")
