"""Proves that the knowledge keeps its promises: `mlexpert kb check`.

All findings come in one pass, each with file, line and the mend. Code blocks are in
`code_blocks.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ingest.code_blocks import code_blocks, parse_problem, without_code
from ingest.load import HEADINGS, Loaded, Problem, load_all
from ingest.schema import LANGUAGES, Entry, Language, Section, uncovered_topics

FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]")
WORDS = {
    "tool": (300, 700),
    "practice": (500, 1200),
    "standard": (500, 1200),
    "handoff": (300, 700),
    "playbook": (300, 900),
}
SECTION_WORDS = 350
SUMMARY_CHARACTERS = 200
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*")
_EXAMPLE_WORD = re.compile(r"\b(example|ejemplo)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"^(It|This|That|These|They|Esto|Eso|Este|Esta|Estos|Ello)\b")
_COVERED_AREAS = {"expertise", "stack", "methodology", "best-practices", "collaboration"}
# Areas whose topics are written elsewhere than in entries: what a missing one lacks, and the mend.
_HOMES = {
    "behaviour": ("is no item of the persona", "write it in persona/persona.yaml"),
    "deliverables": ("has no checklist", "write checklists/<topic>.yaml"),
}


def check_knowledge(root: Path) -> list[Problem]:
    """Every problem of the content under `root`, errors first, then by file and line."""
    loaded = load_all(root)
    problems = list(loaded.problems)
    for entry in loaded.entries.values():
        problems.extend(_entry_problems(entry, loaded))
    problems.extend(_topic_problems(loaded))
    problems.extend(_reference_problems(loaded))
    return sorted(problems, key=lambda p: (p.level != "error", p.file, p.line, p.message))


def count_words(markdown: str) -> int:
    """Words of prose: code, table rules and footnote marks do not count."""
    prose = FOOTNOTE.sub("", without_code(markdown))
    return len(re.findall(r"[\w'’-]*\w", prose))


def _entry_problems(entry: Entry, loaded: Loaded) -> Iterator[Problem]:
    meta = entry.meta
    file = f"entries/{meta.id}/entry.yaml"
    for language in LANGUAGES:
        if len(meta.summary.in_language(language)) > SUMMARY_CHARACTERS:
            yield Problem(file, 1, f"summary.{language} is over 200 characters", "shorten it")
    if meta.status != "active" and meta.status_note is None:
        yield Problem(file, 1, f"status {meta.status} has no status_note", "say since when and why")
    for other in (*meta.related, *([meta.successor] if meta.successor else [])):
        if other not in loaded.entries:
            # Entries are written in batches: a link to a topic that will have one is not an error.
            level = "warning" if other in {topic.id for topic in loaded.topics} else "error"
            yield Problem(file, 1, f"refers to the unknown entry '{other}'", "mend the id", level)
    keys = Counter(source.key for source in meta.sources)
    for key, count in keys.items():
        if count > 1:
            yield Problem(file, 1, f"source key '{key}' stands twice", "rename one")
    used: set[str] = set()
    for language in LANGUAGES:
        yield from _page_problems(entry, language, set(keys))
        used |= {key for s in entry.sections[language] for key in FOOTNOTE.findall(s.body)}
    for key in sorted(set(keys) - used):
        yield Problem(file, 1, f"source '{key}' is cited nowhere", "cite or remove it", "warning")
    yield from _parity_problems(entry)


def _page_problems(entry: Entry, language: Language, keys: set[str]) -> Iterator[Problem]:
    file = f"entries/{entry.meta.id}/{language}.md"
    sections = entry.sections[language]
    order = [section.id for section in sections]
    if order != sorted(set(order), key=list(HEADINGS).index):
        yield Problem(file, 1, "sections are repeated or out of order", "follow the guide's order")
    if "in-short" not in order:
        yield Problem(file, 1, "has no 'In short' section", "add it first")
    total = 0
    for section in sections:
        words = count_words(section.body)
        total += words
        if words > SECTION_WORDS:
            yield Problem(
                file, section.line, f"'{section.heading}' has {words} words", "at most 350: split"
            )
        yield from _section_problems(file, section, keys)
    low, high = WORDS[entry.meta.kind]
    if not low <= total <= high:
        yield Problem(
            file, 1, f"has {total} words", f"a {entry.meta.kind} entry has {low} to {high}"
        )


def _section_problems(file: str, section: Section, keys: set[str]) -> Iterator[Problem]:
    for offset, line in enumerate(section.body.splitlines(), start=1):
        for key in FOOTNOTE.findall(line):
            if key not in keys:
                yield Problem(
                    file, section.line + offset, f"footnote '{key}' has no source", "add the source"
                )
    prose = without_code(section.body).strip()
    if _PRONOUN.match(prose):
        yield Problem(
            file, section.line, "starts with a pronoun without a subject", "name it", "warning"
        )
    if section.id == "numbers":
        for item in re.split(r"\n(?=[-*|] ?)", prose):
            bare = not FOOTNOTE.search(item) and not _EXAMPLE_WORD.search(item)
            if re.search(r"\d", item) and not item.startswith("|") and bare:
                yield Problem(
                    file,
                    section.line,
                    f"a figure has no footnote: '{item.strip()[:60]}'",
                    "add its source or call it an example",
                )
    for block in code_blocks(section.body):
        reason = parse_problem(block)
        if reason:
            yield Problem(
                file,
                section.line + block.line,
                f"{block.language} block does not parse: {reason}",
                "mend the code or its language tag",
            )


def _parity_problems(entry: Entry) -> Iterator[Problem]:
    file = f"entries/{entry.meta.id}/es.md"
    pages = {
        language: {section.id: section for section in entry.sections[language]}
        for language in LANGUAGES
    }
    if list(pages["en"]) != list(pages["es"]):
        yield Problem(file, 1, "has other sections than en.md", "write the same sections")
    for section_id, spanish in pages["es"].items():
        english = pages["en"].get(section_id)
        if english is None:
            continue
        for name, measure in (("footnotes", _footnotes), ("numbers", _numbers), ("code", _code)):
            here, there = measure(spanish.body), measure(english.body)
            if here != there:
                surplus, lack = sorted(here - there), sorted(there - here)
                yield Problem(
                    file,
                    spanish.line,
                    f"'{spanish.heading}' has other {name} than en.md",
                    f"only in es: {surplus}; only in en: {lack}",
                )


def _footnotes(body: str) -> Counter[str]:
    return Counter(FOOTNOTE.findall(body))


def _numbers(body: str) -> Counter[str]:
    """Figures by their digits alone: 1,000.5 in English is 1.000,5 in Spanish."""
    prose = FOOTNOTE.sub("", without_code(body))
    prose = re.sub(r"^\d+\. ", "", prose, flags=re.MULTILINE)
    return Counter(re.sub(r"\D", "", number) for number in _NUMBER.findall(prose))


def _code(body: str) -> Counter[str]:
    return Counter(block.code for block in code_blocks(body))


def _topic_problems(loaded: Loaded) -> Iterator[Problem]:
    known = {topic.id for topic in loaded.topics}
    owners: dict[str, str] = {}
    for entry_id, entry in loaded.entries.items():
        file = f"entries/{entry_id}/entry.yaml"
        if (entry.meta.kind == "playbook") != (entry.meta.situation is not None):
            yield Problem(file, 1, "playbooks alone have a `situation`", "name one of the groups")
        for topic in entry.meta.topics:
            if topic not in known:
                yield Problem(file, 1, f"unknown topic '{topic}'", "use an id of topics.yaml")
        if entry.meta.kind == "playbook":
            continue  # a situation draws on topics and owns none
        first = entry.meta.topics[0]
        if first in owners:
            yield Problem(
                file,
                1,
                f"topic '{first}' is already covered by '{owners[first]}'",
                "choose another",
            )
        owners.setdefault(first, entry_id)
    uncovered = uncovered_topics(loaded)
    for lacking in uncovered:
        # A persona that cannot be read is reported already, once.
        if lacking.area in _HOMES and (lacking.area != "behaviour" or loaded.persona is not None):
            what, mend = _HOMES[lacking.area]
            yield Problem("topics.yaml", 1, f"topic '{lacking.id}' {what}", mend)
    missing = [lacking.id for lacking in uncovered if lacking.area in _COVERED_AREAS]
    if missing:
        yield Problem(
            "topics.yaml",
            1,
            f"{len(missing)} topics have no entry of their own: {', '.join(missing[:5])}…",
            "write them",
            "warning",
        )


def _reference_problems(loaded: Loaded) -> Iterator[Problem]:
    known = set(loaded.entries) | {topic.id for topic in loaded.topics}
    criteria = {criterion.id for criterion in loaded.criteria}
    for name, checklist in loaded.checklists.items():
        file = f"checklists/{name}.yaml"
        if name != checklist.deliverable:
            yield Problem(file, 1, "deliverable is not the file's name", "rename one")
        yield from _repeated(file, "item id", [item.id for item in checklist.items])
        for item in checklist.items:
            for entry in sorted(set(item.entries) - known):
                yield Problem(file, 1, f"'{item.id}': unknown entry '{entry}'", "mend the id")
            for unknown in sorted(set(item.criteria) - criteria):
                yield Problem(file, 1, f"'{item.id}': unknown criterion '{unknown}'", "mend the id")
    yield from _repeated("criteria", "criterion", [c.id for c in loaded.criteria])
    for criterion in loaded.criteria:
        for entry in sorted(set(criterion.entries) - known):
            yield Problem("criteria", 1, f"'{criterion.id}': unknown entry '{entry}'", "mend it")


def _repeated(file: str, what: str, ids: list[str]) -> Iterator[Problem]:
    for name, count in Counter(ids).items():
        if count > 1:
            yield Problem(file, 1, f"{what} '{name}' stands twice", "rename or remove one")
