"""One template in four shapes: as a runnable app with rules beside it (scalr, and cp + grep + sed), for copier, and
for cookiecutter.

The text of a file is written once, in the runnable form. The other shapes have each tool's own placeholders where
that one has `template-app` and the like, so all four make the same app.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import trees

# What a new app differs by. Each port stands in three files, one of the names in a third of all files.
TOKENS = {
    "template-app": "slug",
    "template_app": "snake",
    "TemplateApp": "pascal",
    "TEMPLATE_APP": "upper",
    "Template App": "name",
    "13000": "frontend",
    "18000": "backend",
    "15432": "db",
}
JUNK = {"node_modules": 15_000, ".venv": 10_000}

RULES = """\
schema_version: 1
exclude: [node_modules/, .venv/, dist/, __pycache__/]
tokens:
  - find: template-app
    replace: slug
    reason: The slug names everything.
  - find: template_app
    replace: slug | snake
    reason: The database and the modules.
  - find: TemplateApp
    replace: slug | pascal
    reason: Classes and components.
  - find: TEMPLATE_APP
    replace: slug | upper_snake
    reason: Constants.
  - find: "13000"
    replace: ports.frontend
    files: [README.md]
    reason: Where the page is.
  - find: "18000"
    replace: ports.backend
    files: [README.md]
    reason: Where the API is.
  - find: "15432"
    replace: ports.db
    files: [README.md]
    reason: Where the database is.
paths:
  - files: ["**"]
    base: file
    reason: The schemas and the build context stand outside of the app.
  - files: [docker-compose.yml, "**/Dockerfile"]
    base: repository
    reason: The build context is the repository's root.
set:
  - file: app.manifest.yml
    format: yaml
    values:
      id: id
      slug: slug
      name: name
      description: description
      kind: kind
      created: created
      ports.frontend: ports.frontend
      ports.backend: ports.backend
      ports.db: ports.db
    reason: The manifest is what the app is.
  - file: .env.app
    format: dotenv
    values:
      APP_SLUG: slug
      APP_NAME: name
      FRONTEND_PORT: ports.frontend
      BACKEND_PORT: ports.backend
      DB_PORT: ports.db
    reason: Compose reads them.
  - file: README.md
    format: markdown
    values:
      title: name
    reason: What the app is called.
"""

MANIFEST = """\
schema_version: 1
id: 5f3c1d52-8c0e-4b7a-9a64-2f1e7d0b6c38
slug: template-app
name: Template App
description: A page, an API and a database.
kind: internal
created: 2026-11-22
ports:
  frontend: 13000
  backend: 18000
  db: 15432
routes:
  host: template-app.localhost
  api_prefix: /api
"""

ENV = """\
APP_NAME="Template App"
APP_SLUG=template-app
FRONTEND_PORT=13000
BACKEND_PORT=18000
DB_PORT=15432
DB_NAME=template_app
"""

COMPOSE = """\
name: "template-app"
services:
  backend:
    build:
      context: ..
      dockerfile: template-app/backend/Dockerfile
    environment:
      DATABASE_HOST: template-app-db
    networks:
      edge:
        aliases: [template-app-backend]
    labels:
      traefik.http.routers.template-app-backend.rule: Host(`template-app.localhost`)
networks:
  edge:
    external: true
"""

README = """\
# Template App

The page is at http://localhost:13000, the API at http://localhost:18000, the database at port 15432.
"""


def files(count: int) -> Iterator[tuple[str, str]]:
    """The template's files, about 1.5 kB each on average."""
    fixed = {
        "app.manifest.yml": MANIFEST,
        ".env.app": ENV,
        "docker-compose.yml": COMPOSE,
        "README.md": README,
        "backend/Dockerfile": "FROM python:3.13\nCOPY template-app/backend /repo/template-app/backend\n",
    }
    yield from fixed.items()
    for number in range(count - len(fixed)):
        yield (component if number % 2 else module)(number)


def module(number: int) -> tuple[str, str]:
    root = "template_app" if number % 3 == 0 else "backend"
    functions = "".join(
        f'''

def compute_{line}(value: int, *, factor: int = {line + 1}) -> int:
    """Computes part {line} of step {number} for a value that the caller has checked."""
    logger.debug("part %d of %d", {line}, value)
    return value * factor + {line * number}
'''
        for line in range(6)
    )
    logger = f'logger = logging.getLogger("{root}.step_{number}")'
    head = f'"""Step {number} of the computation."""\n\nimport logging\n\n{logger}\n'
    return f"backend/src/steps_{number // 40}/step_{number}.py", head + functions


def component(number: int) -> tuple[str, str]:
    name = "TemplateApp" if number % 3 == 0 else "Panel"
    origin = "http://template-app-backend:8000" if number % 3 == 0 else "http://localhost"
    rows = "".join(
        f'      <li className="row" data-row="{line}">Row {line} of panel {number}, with a label of some length</li>\n'
        for line in range(14)
    )
    text = (
        f'export const origin{number} = "{origin}";\n\nexport function {name}{number}() {{\n'
        f"  return (\n    <ul>\n{rows}    </ul>\n  );\n}}\n"
    )
    # `TemplateApp` has to stand as a word of its own: a letter or digit right behind it makes it another word.
    return f"frontend/src/panels_{number // 40}/Panel{number}.tsx", text.replace(f"TemplateApp{number}", "TemplateApp")


def scalr_repository(place: Path, schema: str, count: int, *, junk: bool) -> Path:
    """A git checkout with the runnable template in it; the shell copies the same folder."""

    def fill(root: Path) -> None:
        trees.write(root / trees.SCHEMA, schema)
        trees.write(root / ".gitignore", trees.GITIGNORE)
        trees.write(root / "registered-apps.txt", "# Every registered subproject.\n")
        template = root / "template-app"
        for path, text in files(count):
            trees.write(template / path, text)
        trees.write(template / "template.yml", RULES)
        add_junk(template, junk)
        trees.commit(root)

    return trees.made(place / named("scalr", count, junk), schema, fill)


def copier_template(place: Path, count: int, *, junk: bool) -> Path:
    """Only files that hold a placeholder end in .jinja, as copier's documentation has it; it copies the others."""

    def fill(root: Path) -> None:
        questions = "".join(f"{name}: {{type: str}}\n" for name in TOKENS.values())
        excluded = "".join(f"  - {name}\n" for name in ["copier.yml", *JUNK])
        trees.write(root / "copier.yml", f"{questions}_exclude:\n{excluded}")
        for path, text in files(count):
            rendered = replaced(text, "{{{{ {} }}}}")
            trees.write(root / (path if rendered == text else f"{path}.jinja"), rendered)
        add_junk(root, junk)

    return trees.made(place / named("copier", count, junk), "", fill)


def cookiecutter_template(place: Path, count: int, *, junk: bool) -> Path:
    """cookiecutter renders every file; it can't leave a folder out, only copy it as it is."""

    def fill(root: Path) -> None:
        context = "".join(f'  "{name}": "{token}",\n' for token, name in TOKENS.items())
        unrendered = '  "_copy_without_render": ["node_modules", ".venv"]\n'
        trees.write(root / "cookiecutter.json", f"{{\n{context}{unrendered}}}\n")
        app = root / "{{ cookiecutter.slug }}"
        for path, text in files(count):
            trees.write(app / path, replaced(text, "{{{{ cookiecutter.{} }}}}"))
        add_junk(app, junk)

    return trees.made(place / named("cookiecutter", count, junk), "", fill)


def named(tool: str, count: int, junk: bool) -> str:
    return f"template-{tool}-{count}{'-junk' if junk else ''}"


def replaced(text: str, placeholder: str) -> str:
    for token, name in TOKENS.items():
        text = text.replace(token, placeholder.format(name))
    return text


def add_junk(template: Path, wanted: bool) -> None:
    if wanted:
        trees.node_modules(template / "frontend", JUNK["node_modules"])
        trees.venv(template / "backend", JUNK[".venv"])
