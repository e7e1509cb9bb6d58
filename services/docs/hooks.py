"""Hooks for MkDocs: they write llms.txt, and add a local script that draws diagrams.

`mkdocs.yml` names this file; it runs with what docs/requirements.txt installs, and nothing else.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

from pymdownx.superfences import fence_code_format

ROOT = Path(__file__).resolve().parent.parent.parent
# Installed by `npm ci` in this folder, which the Dockerfile does.
MERMAID = ROOT / "services/docs/node_modules/mermaid/dist/mermaid.min.js"
SCRIPT = "assets/javascripts/mermaid.min.js"

SNIPPET = re.compile(r'^--8<-- "([^"]+)"$', re.MULTILINE)

log = logging.getLogger("mkdocs.hooks.scalr")
pages: list[tuple[str, str, str, str]] = []


def on_config(config: Any) -> Any:
    """Draws Mermaid blocks if the script is installed; otherwise they stay text."""
    pages.clear()
    if MERMAID.is_file():
        fences = config.mdx_configs.setdefault("pymdownx.superfences", {})
        fences["custom_fences"] = [
            {"name": "mermaid", "class": "mermaid", "format": fence_code_format}
        ]
        config.extra_javascript.append(SCRIPT)
    else:
        log.info("diagrams stay text: `npm ci` in services/docs fetches what draws them")
    return config


def on_files(files: Any, config: Any) -> Any:
    if MERMAID.is_file():
        from mkdocs.structure.files import File

        files.append(File.generated(config, SCRIPT, content=MERMAID.read_bytes()))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Remembers each page as it was written, with what it includes."""
    whole = SNIPPET.sub(lambda found: (ROOT / found[1]).read_text("utf-8"), markdown)
    pages.append((page.file.src_uri, page.title or "", first_sentence(whole), whole))
    return markdown


def on_post_build(config: Any) -> None:
    """Writes llms.txt (https://llmstxt.org): what there is to read, for a program that reads."""
    site = Path(config.site_dir)
    lines = [f"# {config.site_name}", "", f"> {config.site_description}", "", "## Pages", ""]
    full = [f"# {config.site_name}", ""]
    for source, title, summary, markdown in pages:
        lines.append(f"- [{title}](/{source}){': ' + summary if summary else ''}")
        target = site / source
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(markdown, "utf-8")
        full += [f"<!-- {source} -->", "", markdown.strip(), ""]
    (site / "llms.txt").write_text("\n".join(lines) + "\n", "utf-8")
    (site / "llms-full.txt").write_text("\n".join(full) + "\n", "utf-8")


def first_sentence(markdown: str) -> str:
    """The first sentence of running text; headings, lists, tables and code are none."""
    without_code = re.sub(r"^```.*?^```", "", markdown, flags=re.DOTALL | re.MULTILINE)
    for paragraph in re.split(r"\n\s*\n", without_code):
        text = " ".join(paragraph.split())
        if text and text[0].isalnum():
            sentence = re.split(r"(?<=[a-z)`])[.:](?:\s|$)", text, maxsplit=1)[0]
            return sentence if len(sentence) <= 200 else sentence[:197] + "…"
    return ""
