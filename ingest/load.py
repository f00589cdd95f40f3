"""Reads the curated knowledge from its folder.

Loading collects every problem that it meets as a `Problem`; `load_knowledge` refuses to return
anything that has one, `check` shows them all.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import yaml
from markdown_it import MarkdownIt
from pydantic import BaseModel, TypeAdapter, ValidationError

from ingest.errors import KnowledgeError
from ingest.schema import (
    LANGUAGES,
    Checklist,
    Criterion,
    Entry,
    EntryMeta,
    Knowledge,
    Language,
    Persona,
    RoleCard,
    Section,
    SectionId,
    Text,
    Topic,
)

HEADINGS: Mapping[SectionId, Mapping[Language, tuple[str, ...]]] = {
    "in-short": {"en": ("In short",), "es": ("En breve",)},
    "symptoms": {"en": ("How it shows",), "es": ("Cómo se manifiesta",)},
    "causes": {"en": ("Find the cause",), "es": ("Encuentra la causa",)},
    "fixes": {"en": ("Fix it",), "es": ("Cómo arreglarlo",)},
    "prevent": {"en": ("Prevent it",), "es": ("Cómo evitar que vuelva",)},
    "when": {
        "en": ("Choose it when", "When it matters"),
        "es": ("Cuándo elegirlo", "Cuándo importa"),
    },
    "avoid": {"en": ("Avoid it when",), "es": ("Cuándo evitarlo",)},
    "how-to": {"en": ("How to",), "es": ("Cómo hacerlo",)},
    "numbers": {"en": ("Numbers",), "es": ("Cifras",)},
    "trade-offs": {"en": ("Trade-offs",), "es": ("Compromisos",)},
    "pitfalls": {"en": ("Pitfalls",), "es": ("Errores frecuentes",)},
    "example": {"en": ("Example",), "es": ("Ejemplo",)},
    "checklist": {"en": ("Checklist",), "es": ("Lista de comprobación",)},
}
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class Problem:
    """Something wrong in a content file: `file` relative to the knowledge folder, `line` from 1."""

    file: str
    line: int
    message: str
    mend: str
    level: str = "error"


@dataclass(frozen=True)
class Loaded:
    """All that could be read, and all that was wrong with the rest."""

    topics: tuple[Topic, ...]
    entries: dict[str, Entry]
    checklists: dict[str, Checklist]
    criteria: tuple[Criterion, ...]
    persona: Persona | None
    roles: dict[str, RoleCard]
    version: str
    problems: tuple[Problem, ...]


def load_knowledge(root: Path) -> Knowledge:
    """The whole knowledge, or a KnowledgeError that names the first problem."""
    loaded = load_all(root)
    errors = [problem for problem in loaded.problems if problem.level == "error"]
    if errors or loaded.persona is None:
        where = f"{errors[0].file}:{errors[0].line}: {errors[0].message}" if errors else "persona"
        raise KnowledgeError(
            Text(
                en=f"The knowledge cannot be loaded: {where}.",
                es=f"No se puede cargar el conocimiento: {where}.",
            ),
            Text(
                en="Run `mlexpert kb check` to see every problem and its mend.",
                es="Ejecuta `mlexpert kb check` para ver todos los problemas y cómo arreglarlos.",
            ),
        )
    return Knowledge(
        version=loaded.version,
        topics=loaded.topics,
        entries=loaded.entries,
        checklists=loaded.checklists,
        criteria=loaded.criteria,
        persona=loaded.persona,
        roles=loaded.roles,
    )


def load_cached(root: Path, cache_folder: Path) -> Knowledge:
    """The knowledge from its parsed copy, or from its files (and then the copy is written).

    Parsing hundreds of Markdown and YAML files costs seconds, reading one JSON file does not.
    """
    version = content_version(root)
    path = cache_folder / f"knowledge-{version}.json"
    try:
        return Knowledge.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        pass
    knowledge = load_knowledge(root)
    try:
        cache_folder.mkdir(parents=True, exist_ok=True)
        work = path.with_suffix(f".{os.getpid()}")
        work.write_text(knowledge.model_dump_json(), encoding="utf-8")
        work.replace(path)
        for old in cache_folder.glob("knowledge-*.json"):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError:
        # A folder that cannot be written costs speed here; building the index says so.
        pass
    return knowledge


def load_all(root: Path) -> Loaded:
    """Reads everything under `root`; never raises for a bad file, reports it."""
    problems: list[Problem] = []
    topics = _rows(root, root / "topics.yaml", Topic, problems)
    entries: dict[str, Entry] = {}
    for folder in sorted((root / "entries").glob("*")):
        if folder.is_dir() and not folder.name.startswith("."):
            entry = _entry(root, folder, problems)
            if entry is not None:
                entries[folder.name] = entry
    checklists = {
        path.stem: record
        for path in sorted((root / "checklists").glob("*.yaml"))
        if (record := _record(root, path, Checklist, problems)) is not None
    }
    criteria = tuple(
        row
        for path in sorted((root / "criteria").glob("*.yaml"))
        for row in _rows(root, path, Criterion, problems)
    )
    roles = {
        path.stem: card
        for path in sorted((root / "roles").glob("*.yaml"))
        if (card := _record(root, path, RoleCard, problems)) is not None
    }
    persona = _record(root, root / "persona" / "persona.yaml", Persona, problems)
    return Loaded(
        topics=topics,
        entries=entries,
        checklists=checklists,
        criteria=criteria,
        persona=persona,
        roles=roles,
        version=content_version(root),
        problems=tuple(problems),
    )


def content_version(root: Path) -> str:
    """Twelve hex digits over names and bytes of all content files (vectors left out)."""
    digest = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.suffix in {".md", ".yaml"}):
        relative = path.relative_to(root).as_posix()
        digest.update(relative.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def split_sections(
    markdown: str, language: Language
) -> tuple[list[Section], list[tuple[int, str]]]:
    """Sections under second-level headings, and headings that no section has, with their lines."""
    lines = markdown.splitlines()
    known = {name: key for key, names in HEADINGS.items() for name in names[language]}
    starts: list[tuple[int, str]] = []
    tokens = MarkdownIt().parse(markdown)
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.tag == "h2" and token.map:
            starts.append((token.map[0], inline.content.strip()))
    sections: list[Section] = []
    unknown: list[tuple[int, str]] = []
    for index, (line, heading) in enumerate(starts):
        end = starts[index + 1][0] if index + 1 < len(starts) else len(lines)
        if heading not in known:
            unknown.append((line + 1, heading))
            continue
        body = "\n".join(lines[line + 1 : end]).strip("\n")
        sections.append(Section(id=known[heading], heading=heading, body=body, line=line + 1))
    return sections, unknown


def _entry(root: Path, folder: Path, problems: list[Problem]) -> Entry | None:
    meta = _record(root, folder / "entry.yaml", EntryMeta, problems)
    sections: dict[Language, tuple[Section, ...]] = {}
    for language in LANGUAGES:
        path = folder / f"{language}.md"
        name = path.relative_to(root).as_posix()
        try:
            markdown = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            problems.append(
                Problem(name, 1, "is missing or is not UTF-8", "write it in UTF-8 (see the guide)")
            )
            continue
        found, unknown = split_sections(markdown, language)
        sections[language] = tuple(found)
        for line, heading in unknown:
            allowed = "; ".join(" / ".join(names[language]) for names in HEADINGS.values())
            problems.append(
                Problem(
                    name, line, f"has the unknown heading '{heading}'", f"use one of: {allowed}"
                )
            )
    if meta is None or len(sections) < len(LANGUAGES):
        return None
    if meta.id != folder.name:
        file = (folder / "entry.yaml").relative_to(root).as_posix()
        problems.append(
            Problem(file, 1, f"id '{meta.id}' is not the folder's name", f"write id: {folder.name}")
        )
    return Entry(meta=meta, sections=sections)


def _record(root: Path, path: Path, model: type[_Model], problems: list[Problem]) -> _Model | None:
    data = _yaml(root, path, problems)
    if data is None:
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        _report(root, path, error, problems)
        return None


def _rows(
    root: Path, path: Path, model: type[_Model], problems: list[Problem]
) -> tuple[_Model, ...]:
    data = _yaml(root, path, problems)
    if data is None:
        return ()
    try:
        return tuple(TypeAdapter(list[model]).validate_python(data))  # type: ignore[valid-type]
    except ValidationError as error:
        _report(root, path, error, problems)
        return ()


def _yaml(root: Path, path: Path, problems: list[Problem]) -> Any:
    name = path.relative_to(root).as_posix()
    try:
        # The C loader reads the 168 topics and 40 criteria ten times faster than the Python one.
        return yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except OSError:
        problems.append(Problem(name, 1, "is missing or cannot be read", "add the file"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        reason = getattr(error, "problem", None) or "is not YAML"
        problems.append(Problem(name, line, f"is not valid YAML: {reason}", "mend the syntax"))
    return None


def _report(root: Path, path: Path, error: ValidationError, problems: list[Problem]) -> None:
    name = path.relative_to(root).as_posix()
    for detail in error.errors():
        where = _dotted(detail["loc"])
        if detail["type"] == "extra_forbidden":
            mend = "remove the key or correct its spelling"
        elif detail["type"] == "missing":
            mend = "add the key"
        else:
            mend = "correct the value (see the guide's table of keys)"
        problems.append(
            Problem(name, _line_of(path, detail["loc"]), f"{where}: {detail['msg']}", mend)
        )


def _dotted(location: Iterable[int | str]) -> str:
    return ".".join(str(part) for part in location)


def _line_of(path: Path, location: Iterable[int | str]) -> int:
    """The line of the deepest key of `location` that the YAML tree has."""
    node = yaml.compose(path.read_bytes(), Loader=yaml.SafeLoader)
    line = 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pairs = {key.value: (key, value) for key, value in node.value}
            if part not in pairs:
                break
            key, node = pairs[part]
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            if part >= len(node.value):
                break
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line
