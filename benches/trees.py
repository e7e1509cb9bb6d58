"""Repositories to validate and to search, made of nothing but counters: the same bytes on every machine."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

MANIFEST = "app.manifest.yml"
SCHEMA = "schemas/app-manifest.schema.json"
GITIGNORE = "node_modules/\n.venv/\n__pycache__/\ndist/\n.scalr/\n"
KINDS = {"product": "apps/products", "client": "clients", "internal": "apps", "platform": "services"}
NOUNS = ("orders", "billing", "stock", "claims", "tickets", "reports", "fleet", "payroll", "leads", "shifts")

# The first port of each role. 10,000 apps reach 31,023, 42,000 and 62,000: unique and inside of 1024..65535.
FIRST_PORT = {"frontend": 1024, "backend": 32_001, "db": 52_001}


@dataclass(frozen=True)
class App:
    number: int

    @property
    def slug(self) -> str:
        return f"{NOUNS[self.number % len(NOUNS)]}-desk-{self.number:05}"

    @property
    def kind(self) -> str:
        return list(KINDS)[self.number % len(KINDS)]

    @property
    def folder(self) -> str:
        return f"{KINDS[self.kind]}/{self.slug}"

    @property
    def ports(self) -> dict[str, int]:
        return {role: first + self.number for role, first in FIRST_PORT.items()}

    def manifest(self) -> str:
        """About 950 bytes, as a manifest of a grown app is."""
        slug, ports = self.slug, self.ports
        earlier = f"[{App(self.number - 1).slug}]" if self.number % 10 else "[]"
        subscribed = f"[{App(self.number - 1).slug.replace('-', '_')}.changed]" if self.number % 10 else "[]"
        up = "../" * (self.folder.count("/") + 1)
        return f"""\
# yaml-language-server: $schema={up}{SCHEMA}
schema_version: 1
id: {uuid.uuid5(uuid.NAMESPACE_URL, slug)}
slug: {slug}
name: {slug.replace("-", " ").title()}
description: >-
  Keeps the {slug.split("-")[0]} of one department: lists and forms with their history, a nightly export,
  and an interface for the two programs that read it.
kind: {self.kind}
created: 2026-{1 + self.number % 12:02}-{1 + self.number % 28:02}

owner: team-{self.number % 40}
icon: box
tags: [{slug.split("-")[0]}, desk, export]

ports:
  frontend: {ports["frontend"]}
  backend: {ports["backend"]}
  db: {ports["db"]}

auth:
  client_id: "{slug}"
  groups: ["{slug}-users", "{slug}-admins"]

routes:
  host: {slug}.localhost
  api_prefix: /api

health:
  live: /api/health/live
  ready: /api/health/ready

depends_on: {earlier}
events_publish: [{slug.replace("-", "_")}.changed]
events_subscribe: {subscribed}

links:
  - title: API documentation
    url: http://{slug}.localhost/api/docs
"""

    def env(self) -> str:
        ports, snake = self.ports, self.slug.replace("-", "_")
        return f"""\
# This app's structure: names and ports.
APP_NAME="{self.slug.replace("-", " ").title()}"
APP_SLUG={self.slug}
FRONTEND_PORT={ports["frontend"]}
BACKEND_PORT={ports["backend"]}
DB_PORT={ports["db"]}
DB_NAME={snake}
DB_USER={snake}
"""

    def compose(self) -> str:
        return f'name: "{self.slug}"\nservices:\n  backend:\n    image: {self.slug}-backend\n'


def manifests(place: Path, schema: str, count: int) -> Path:
    """A repository of that many valid apps, each with the files that scalr looks for beside a manifest."""

    def fill(root: Path) -> None:
        apps = [App(number) for number in range(count)]
        write(root / SCHEMA, schema)
        write(root / "registered-apps.txt", "".join(f"{app.folder}\n" for app in apps))
        for app in apps:
            for name, text in app_files(app):
                write(root / app.folder / name, text)

    return made(place / f"manifests-{count}", schema, fill)


def crowd(place: Path, schema: str, files: int) -> Path:
    """A git checkout of so many files, four fifths of them in ignored node_modules and .venv folders.

    With 200,000 files: 1,000 apps of 40 files that git tracks, 100 of them with a node_modules of 1,200 files, 40
    with a .venv of 1,000.
    """

    def fill(root: Path) -> None:
        apps = [App(number) for number in range(files // 200)]
        write(root / SCHEMA, schema)
        write(root / ".gitignore", GITIGNORE)
        write(root / "registered-apps.txt", "".join(f"{app.folder}\n" for app in apps))
        for app in apps:
            for name, text in [*app_files(app), *app_sources()]:
                write(root / app.folder / name, text)
        for number, app in enumerate(apps):
            if number % 10 == 0:
                node_modules(root / app.folder / "frontend", 1200)
            if number % 25 == 0:
                venv(root / app.folder / "backend", 1000)
        commit(root)

    return made(place / f"crowd-{files}", schema, fill)


def app_files(app: App) -> Iterator[tuple[str, str]]:
    yield MANIFEST, app.manifest()
    yield ".env.app", app.env()
    yield "docker-compose.yml", app.compose()


def app_sources() -> Iterator[tuple[str, str]]:
    """37 more files, as an app's page and API have them."""
    yield "README.md", "# An app\n"
    for number in range(12):
        yield f"frontend/src/pages/Page{number}.tsx", f"export const page = {number};\n"
        yield f"backend/src/routes/route_{number}.py", f"ROUTE = {number}\n"
        yield f"backend/tests/test_route_{number}.py", f"def test_route():\n    assert {number} >= 0\n"


def node_modules(folder: Path, files: int) -> None:
    """Packages of 12 files in 3 folders."""
    for number in range(files):
        package = folder / "node_modules" / f"package-{number // 12:04}"
        write(package / ("lib", "dist", "types")[number % 3] / f"module-{number % 12}.js", "export default 1;\n")


def venv(folder: Path, files: int) -> None:
    """Packages of 20 modules."""
    site = folder / ".venv/lib/python3.13/site-packages"
    for number in range(files):
        write(site / f"package_{number // 20:04}" / f"module_{number % 20}.py", "VALUE = 1\n")


def commit(root: Path) -> None:
    """Makes a folder a git checkout in which everything that git does not ignore is committed."""
    who = ("-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "commit.gpgsign=false")
    # Written into the clone: no collection may start in the background later.
    for command in (["init", "-q"], ["config", "gc.auto", "0"], ["add", "-A"], [*who, "commit", "-qm", "All of it"]):
        subprocess.run(["git", *command], cwd=root, check=True)


def write(path: Path, text: str) -> None:
    try:
        path.write_text(text)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def made(folder: Path, content: str, fill: Callable[[Path], None]) -> Path:
    """Fills a folder, unless this very code has filled it before with the same content."""
    stamp = folder.with_name(f"{folder.name}.stamp")
    code = "".join(path.read_text() for path in (Path(__file__), Path(fill.__code__.co_filename)))
    key = hashlib.sha256((code + content).encode()).hexdigest()
    if folder.is_dir() and stamp.is_file() and stamp.read_text() == key:
        return folder
    print(f"making {folder.name}", flush=True)
    stamp.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    fill(folder)
    stamp.write_text(key)
    return folder
