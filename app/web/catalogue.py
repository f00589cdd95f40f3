"""The entries of the knowledge as a reader looks for them: by words and by what they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.history.tables import fold
from ingest.schema import (
    LANGUAGES,
    Entry,
    EntryMeta,
    Kind,
    Knowledge,
    Language,
    Role,
    Situation,
    Status,
    Topic,
)

ELSEWHERE = "playbooks"


@dataclass(frozen=True)
class Filters:
    """What an entry must be; None leaves it open."""

    area: str | None = None
    kind: Kind | None = None
    status: Status | None = None
    role: Role | None = None
    situation: Situation | None = None

    def admit(self, meta: EntryMeta, area: str) -> bool:
        return (
            self.area in (None, area)
            and self.kind in (None, meta.kind)
            and self.status in (None, meta.status)
            and (self.role is None or self.role in meta.roles)
            and self.situation in (None, meta.situation)
        )


@dataclass(frozen=True)
class Group:
    """Entries of a group of topics, in the order of the topics."""

    id: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Area:
    """An area of the map with its groups."""

    id: str
    groups: tuple[Group, ...]

    @property
    def size(self) -> int:
        return sum(len(group.entries) for group in self.groups)


@dataclass(frozen=True)
class Catalogue:
    """All entries, ready to be looked through; immutable and shared by all visitors."""

    knowledge: Knowledge
    areas: tuple[Area, ...]
    _area_of: dict[str, str]
    _names: dict[str, tuple[str, ...]]
    _summaries: dict[str, str]
    _linked_from: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def area_of(self, entry: str) -> str:
        return self._area_of[entry]

    def find(
        self, words: str, filters: Filters, language: Language, near: Iterable[str] = ()
    ) -> list[Entry]:
        """Entries that the filters admit: those whose names or summary hold the words, the closest
        name first, then those of `near` (ids of what a search by meaning found, best first).

        Without words all of them, by title.
        """
        admitted = [
            entry
            for key, entry in self.knowledge.entries.items()
            if filters.admit(entry.meta, self._area_of[key])
        ]
        asked = fold(words).split()
        if not asked:
            return sorted(admitted, key=lambda e: fold(e.meta.title.in_language(language)))
        ranks = {entry.meta.id: self._rank(entry.meta.id, asked) for entry in admitted}
        named = sorted(
            (entry for entry in admitted if ranks[entry.meta.id]),
            key=lambda e: (-ranks[e.meta.id], fold(e.meta.title.in_language(language))),
        )
        others = [key for key in near if ranks.get(key) == 0]
        return named + [self.knowledge.entries[key] for key in dict.fromkeys(others)]

    def retired(self) -> list[Entry]:
        """Entries about what should not be chosen any more, by title."""
        gone = [e for e in self.knowledge.entries.values() if e.meta.status != "active"]
        return sorted(gone, key=lambda entry: fold(entry.meta.title.en))

    def linked_from(self, entry: str) -> list[Entry]:
        """Entries that name this one as related."""
        return [self.knowledge.entries[key] for key in self._linked_from.get(entry, ())]

    def _rank(self, entry: str, asked: Sequence[str]) -> int:
        """How well the words fit the entry's names (4 to 2) or its summary (1); 0 when not."""
        query = " ".join(asked)
        names = self._names[entry]
        if query in names:
            return 4
        if any(name.startswith(query) for name in names):
            return 3
        if all(any(word in name for name in names) for word in asked):
            return 2
        return int(all(word in self._summaries[entry] for word in asked))


def read_catalogue(knowledge: Knowledge) -> Catalogue:
    """The catalogue of a knowledge."""
    topics = {topic.id: topic for topic in knowledge.topics}
    entries = knowledge.entries.values()
    linked: dict[str, list[str]] = {}
    for entry in entries:
        for other in entry.meta.related:
            linked.setdefault(other, []).append(entry.meta.id)
    return Catalogue(
        knowledge,
        _areas(knowledge),
        {entry.meta.id: _area(entry.meta, topics) for entry in entries},
        {entry.meta.id: _names(entry.meta) for entry in entries},
        {
            entry.meta.id: " ".join(fold(entry.meta.summary.in_language(one)) for one in LANGUAGES)
            for entry in entries
        },
        {key: tuple(found) for key, found in linked.items()},
    )


def _area(meta: EntryMeta, topics: dict[str, Topic]) -> str:
    if meta.kind == "playbook":
        return ELSEWHERE
    topic = topics.get(meta.topics[0])
    return topic.area if topic else ELSEWHERE


def _names(meta: EntryMeta) -> tuple[str, ...]:
    given = (meta.title.en, meta.title.es, meta.id.replace("-", " "), *meta.aliases)
    return tuple(dict.fromkeys(fold(name) for name in given))


def _areas(knowledge: Knowledge) -> tuple[Area, ...]:
    """Areas and groups in the order of the topics; playbooks, by situation, are the last area."""
    by_topic: dict[str, list[Entry]] = {}
    by_situation: dict[str, list[Entry]] = {}
    for entry in knowledge.entries.values():
        meta = entry.meta
        if meta.kind == "playbook":
            by_situation.setdefault(meta.situation or ELSEWHERE, []).append(entry)
        else:
            by_topic.setdefault(meta.topics[0], []).append(entry)
    found: dict[str, dict[str, list[Entry]]] = {}
    for topic in knowledge.topics:
        if own := by_topic.get(topic.id):
            found.setdefault(topic.area, {}).setdefault(topic.group, []).extend(own)
    if by_situation:
        found[ELSEWHERE] = dict(sorted(by_situation.items()))
    return tuple(
        Area(area, tuple(Group(group, tuple(own)) for group, own in groups.items()))
        for area, groups in found.items()
    )
