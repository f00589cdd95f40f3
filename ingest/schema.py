"""The records of the knowledge and of its index: what the Markdown and YAML must hold.

Everything here is frozen. Content files are parsed into these models with closed keys, so that a
misspelt key is an error and not a silent loss.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = ("en", "es")

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
HttpsUrl = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"']+$", max_length=500)]
Kind = Literal["tool", "practice", "handoff", "standard", "playbook"]
Status = Literal["active", "maintenance", "archived", "renamed", "superseded"]
Deliverable = Literal[
    "architecture",
    "training-pipeline",
    "inference-service",
    "monitoring-alerting",
    "cicd-pipeline",
    "technical-documentation",
]
Role = Literal["cto", "python", "devops", "qa", "product"]
Situation = Literal[
    "offline-online",
    "drift-monitoring",
    "serving",
    "kubernetes",
    "training",
    "data-pipelines",
    "releases",
    "cost",
    "security-privacy",
    "evaluation",
    "team-process",
    "llm-rag",
    "cloud-migrations",
    "designs",
]
SectionId = Literal[
    "in-short",
    "symptoms",
    "causes",
    "fixes",
    "prevent",
    "when",
    "avoid",
    "how-to",
    "numbers",
    "trade-offs",
    "pitfalls",
    "example",
    "checklist",
    "document",
]
CURATED = "curated"


class Frozen(BaseModel):
    """A record that cannot change and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Frozen):
    """The same words in both languages."""

    en: str
    es: str

    def in_language(self, language: Language) -> str:
        return self.es if language == "es" else self.en


class Source(Frozen):
    """Where a fact was read; `key` is what a footnote names."""

    key: Slug
    title: str
    url: HttpsUrl
    publisher: str
    year: int = Field(ge=1950, le=2100)


class Topic(Frozen):
    """A row of topics.yaml: a subject that the knowledge must cover."""

    id: Slug
    area: str
    group: str
    kind: str
    en: str
    es: str


class EntryMeta(Frozen):
    """entry.yaml: what is true of an entry in every language.

    `situation` is the group of a playbook and of nothing else.
    """

    id: Slug
    title: Text
    summary: Text
    kind: Kind
    topics: tuple[Slug, ...] = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()
    roles: tuple[Role, ...] = ()
    status: Status
    status_note: Text | None = None
    successor: Slug | None = None
    situation: Situation | None = None
    reviewed: date
    sources: tuple[Source, ...] = Field(min_length=2)
    related: tuple[Slug, ...] = ()


class Section(Frozen):
    """A second-level heading and its Markdown; `line` is the heading's line, from 1."""

    id: SectionId
    heading: str
    body: str
    line: int


class Entry(Frozen):
    """One entry: metadata and its sections in both languages."""

    meta: EntryMeta
    sections: dict[Language, tuple[Section, ...]]


class ChecklistItem(Frozen):
    """Something to verify before a deliverable is called done."""

    id: Slug
    text: Text
    why: Text
    severity: Literal["high", "medium", "low"]
    criteria: tuple[Slug, ...] = ()
    entries: tuple[Slug, ...] = ()


class Checklist(Frozen):
    """knowledge/checklists/<deliverable>.yaml."""

    deliverable: Deliverable
    title: Text
    items: tuple[ChecklistItem, ...] = Field(min_length=1)


class Cues(Frozen):
    """Patterns (regular expressions, accents already folded) that speak for a criterion.

    `mention` names the subject; `concrete` shows how it is done; `counter` is the same word in
    another sense.
    """

    mention: tuple[str, ...] = Field(min_length=1)
    concrete: tuple[str, ...] = ()
    counter: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class Criterion(Frozen):
    """A row of the review rubric.

    `effort` is what closing the gap takes a team: 1 words or a file, hours; 2 a job or a service to
    set up, days; 3 weeks, or several teams.
    """

    id: Slug
    deliverable: Deliverable
    title: Text
    states: Text
    severity: Literal["high", "medium", "low"]
    weight: float = Field(gt=0, le=5)
    effort: Literal[1, 2, 3]
    ml_only: bool
    advice: Text
    entries: tuple[Slug, ...] = ()
    cues: Cues


class PersonaItem(Frozen):
    """A principle, a step or a rule of the persona; `id` is its topic."""

    id: Slug
    title: Text
    text: Text


class Persona(Frozen):
    """Who speaks: knowledge/persona/persona.yaml."""

    name: str
    role: Text
    motto: Text
    voice: tuple[Text, ...]
    principles: tuple[PersonaItem, ...]
    problem_solving: tuple[PersonaItem, ...]
    communication: tuple[PersonaItem, ...]


class RoleCard(Frozen):
    """A counterpart: knowledge/roles/<id>.yaml."""

    id: Role
    title: Text
    cares_about: tuple[Text, ...]
    entries: tuple[Slug, ...] = ()


class Knowledge(Frozen):
    """The whole curated content, loaded and valid; `version` is a hash of its files."""

    version: str
    topics: tuple[Topic, ...]
    entries: dict[str, Entry]
    checklists: dict[str, Checklist]
    criteria: tuple[Criterion, ...]
    persona: Persona
    roles: dict[str, RoleCard]


class Coverable(Protocol):
    """What topics can be covered by: the whole knowledge, or as much of it as could be read."""

    @property
    def topics(self) -> tuple[Topic, ...]: ...
    @property
    def entries(self) -> dict[str, Entry]: ...
    @property
    def checklists(self) -> dict[str, Checklist]: ...
    @property
    def persona(self) -> Persona | None: ...


def uncovered_topics(content: Coverable) -> tuple[Topic, ...]:
    """Topics that nothing is written about.

    A behaviour is an item of the persona, a deliverable has its checklist, and every other topic
    has an entry of its own. A playbook draws on topics and owns none.
    """
    persona = content.persona
    behaviours = (
        {
            item.id
            for part in (persona.principles, persona.problem_solving, persona.communication)
            for item in part
        }
        if persona
        else set()
    )
    owned = {e.meta.topics[0] for e in content.entries.values() if e.meta.kind != "playbook"}
    places = {"behaviour": behaviours, "deliverables": set(content.checklists)}
    return tuple(t for t in content.topics if t.id not in places.get(t.area, owned))


class Locator(Frozen):
    """A place in a user's file; lines and pages count from 1."""

    file: str | None = None
    page: int | None = None
    line_start: int | None = None
    line_end: int | None = None
    heading: str | None = None


class Span(Frozen):
    """A quotable piece of a passage: `passage.text[start:end]`, with the source keys it cites."""

    start: int
    end: int
    kind: Literal["sentence", "item", "code", "table"]
    sources: tuple[Source, ...] = ()


class Passage(Frozen):
    """The unit of search and citation. `id` says where the text lives and survives a rebuild."""

    id: str
    entry: str
    title: str
    section: SectionId
    heading: str
    language: Language
    text: str
    spans: tuple[Span, ...]
    topics: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    deliverables: tuple[str, ...] = ()
    kind: str = "document"
    status: str = "active"
    collection: str = CURATED
    locator: Locator = Locator()
    url: str | None = None


class Hit(Frozen):
    """A passage found for a query.

    `score` orders hits (0 to 1, higher is better); `similarity` is the cosine with the query
    (None when only terms matched) and `term_score` the BM25 score (0 when none did).
    """

    passage: Passage
    score: float
    similarity: float | None
    term_score: float


class SearchResult(Frozen):
    """Hits, best first, and what the evidence gate asks about the query.

    `idf` holds the query's terms (stemmed) with their rarity in nats. Of these, `held_terms` stand
    in the best hits, `name_terms` in the titles and other names of their entries, and
    `unknown_terms` in no curated passage of either language. `vector` is the query's embedding by
    the model `fingerprint`.
    """

    hits: tuple[Hit, ...]
    vector: tuple[float, ...]
    fingerprint: str
    idf: dict[str, float]
    held_terms: frozenset[str]
    name_terms: frozenset[str]
    unknown_terms: frozenset[str]
    embed_ms: float
    retrieve_ms: float

    def share(self, terms: frozenset[str]) -> float:
        """The share of the query's rarity that `terms` carry, 0 to 1."""
        total = sum(self.idf.values())
        return sum(self.idf[term] for term in terms) / total if total else 0.0


class Block(Frozen):
    """A piece of a parsed user document, verbatim, with its place."""

    text: str
    kind: Literal["heading", "paragraph", "item", "code", "table", "comment"]
    locator: Locator


class ParsedDocument(Frozen):
    """A user's file after parsing. `text` is what quotes are checked against."""

    name: str
    kind: str
    language: Language
    pages: int | None
    text: str
    blocks: tuple[Block, ...]
    pages_without_text: tuple[int, ...] = ()
    warnings: tuple[Text, ...] = ()


class Refusal(Frozen):
    """A file that could not be used, and why, in both languages."""

    name: str
    reason: Text
