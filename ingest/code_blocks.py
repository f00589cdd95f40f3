"""Fenced code blocks of the knowledge: finding them and parsing them in their own language."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from dataclasses import dataclass

import yaml
from markdown_it import MarkdownIt

_INSTRUCTIONS = re.compile(
    r"^(FROM|RUN|CMD|LABEL|EXPOSE|ENV|ADD|COPY|ENTRYPOINT|VOLUME|USER|WORKDIR|ARG|ONBUILD|"
    r"STOPSIGNAL|HEALTHCHECK|SHELL)\b",
    re.IGNORECASE,
)
# Languages whose parser is not at hand: accepted, still checked for equality between languages.
_UNPARSED = {"text", "promql", "hcl", "sql", "proto", "ini", "console", "makefile", "http"}


@dataclass(frozen=True)
class CodeBlock:
    """A fenced block. `line` counts from 1 in the Markdown given; `run`: the tests execute it."""

    language: str
    code: str
    line: int
    run: bool


def code_blocks(markdown: str) -> list[CodeBlock]:
    """All fenced blocks, in order, those inside lists included."""
    blocks = []
    for token in MarkdownIt().parse(markdown):
        if token.type == "fence" and token.map:
            words = token.info.split()
            blocks.append(
                CodeBlock(
                    language=words[0].lower() if words else "",
                    code=token.content,
                    line=token.map[0] + 1,
                    run="run" in words[1:],
                )
            )
    return blocks


def without_code(markdown: str) -> str:
    """The prose alone."""
    return re.sub(r"^[ \t]*```.*?^[ \t]*```[ \t]*$", "", markdown, flags=re.DOTALL | re.MULTILINE)


def parse_problem(block: CodeBlock) -> str | None:
    """Why the block is not valid in its declared language, or None."""
    if block.language in _UNPARSED:
        return None
    parser = _PARSERS.get(block.language)
    if parser is None:
        return f"unknown language '{block.language or 'none'}'"
    try:
        return parser(block.code)
    except (SyntaxError, ValueError, yaml.YAMLError) as error:
        return str(error).splitlines()[0]


def _python(code: str) -> str | None:
    ast.parse(code)
    return None


def _yaml(code: str) -> str | None:
    list(yaml.safe_load_all(code))
    return None


def _json(code: str) -> str | None:
    json.loads(code)
    return None


def _toml(code: str) -> str | None:
    tomllib.loads(code)
    return None


def _shell(code: str) -> str | None:
    bash = shutil.which("bash")
    if bash is None:
        return None
    done = subprocess.run([bash, "-n"], input=code, capture_output=True, text=True, check=False)
    return done.stderr.strip().splitlines()[0] if done.returncode else None


def _dockerfile(code: str) -> str | None:
    logical = re.sub(r"\\\n", " ", code)
    lines = [line for line in logical.splitlines() if line.strip() and not line.startswith("#")]
    wrong = [line for line in lines if not _INSTRUCTIONS.match(line)]
    return f"not an instruction: {wrong[0]}" if wrong else None


_PARSERS: dict[str, Callable[[str], str | None]] = {
    "python": _python,
    "yaml": _yaml,
    "json": _json,
    "toml": _toml,
    "bash": _shell,
    "sh": _shell,
    "dockerfile": _dockerfile,
}
