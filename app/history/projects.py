"""Projects: a named brief and how far each of its six deliverables is."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal, get_args

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.errors import BadInput
from app.history.database import Base, now, open_engine, prepare, translated
from app.history.tables import OWNER_CHARACTERS
from app.solve.brief import Brief
from ingest.schema import Deliverable, Text

NAME_CHARACTERS = 80
EVIDENCE_CHARACTERS = 2000
State = Literal["not-started", "in-progress", "done", "not-needed"]
STATES: tuple[State, ...] = get_args(State)
DELIVERABLES: tuple[Deliverable, ...] = get_args(Deliverable)


class _Project(Base):
    __tablename__ = "projects"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(OWNER_CHARACTERS), index=True)
    name: Mapped[str] = mapped_column(String(NAME_CHARACTERS))
    created: Mapped[str] = mapped_column(String(32))
    updated: Mapped[str] = mapped_column(String(32))
    brief: Mapped[str] = mapped_column(LongText)
    deliverables: Mapped[str] = mapped_column(LongText)


class _Choice(Base):
    """The project that an owner works on."""

    __tablename__ = "chosen_projects"
    owner: Mapped[str] = mapped_column(String(OWNER_CHARACTERS), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))


@dataclass(frozen=True)
class DeliverableState:
    """How far a deliverable is, and what shows it: a link, a path, a sentence."""

    state: State = "not-started"
    evidence: str = ""


@dataclass(frozen=True)
class Project:
    """A project of an owner; times are ISO 8601 in UTC. `deliverables` holds all six."""

    id: str
    name: str
    created: str
    updated: str
    brief: Brief
    deliverables: Mapping[Deliverable, DeliverableState] = field(default_factory=dict)


class ProjectStore:
    """Reads and writes projects. Raises StoreError when the database fails.

    With an `owner`, another's project does not exist; None stands for the operator.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        prepare(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def create(self, name: str, brief: Brief, owner: str = "") -> str:
        """A new project; returns its id. BadInput when the name is empty or already the owner's."""
        project = uuid.uuid4().hex
        created = now()
        with translated(), Session(self._engine) as session, session.begin():
            name = _free_name(session, name, owner, project)
            session.add(
                _Project(
                    id=project,
                    owner=owner,
                    name=name,
                    created=created,
                    updated=created,
                    brief=brief.model_dump_json(),
                    deliverables="{}",
                )
            )
        return project

    def update(self, project: str, name: str, brief: Brief, owner: str | None = None) -> None:
        """Writes a project's name and brief. BadInput as `create`."""
        with translated(), Session(self._engine) as session, session.begin():
            row = _find(session, project, owner)
            row.name = _free_name(session, name, row.owner, project)
            row.brief = brief.model_dump_json()
            row.updated = now()

    def track(
        self,
        project: str,
        deliverable: Deliverable,
        state: DeliverableState,
        owner: str | None = None,
    ) -> None:
        """Writes how far a deliverable is."""
        with translated(), Session(self._engine) as session, session.begin():
            row = _find(session, project, owner)
            states = json.loads(row.deliverables)
            evidence = state.evidence.strip()[:EVIDENCE_CHARACTERS]
            states[deliverable] = asdict(DeliverableState(state.state, evidence))
            row.deliverables = json.dumps(states, ensure_ascii=False)
            row.updated = now()

    def load(self, project: str, owner: str | None = None) -> Project:
        """A project; BadInput when there is none with this id."""
        with translated(), Session(self._engine) as session:
            return _project(_find(session, project, owner))

    def list(self, owner: str | None = None) -> list[Project]:
        """Projects, the latest changed first."""
        query = select(_Project).order_by(_Project.updated.desc(), _Project.id)
        if owner is not None:
            query = query.where(_Project.owner == owner)
        with translated(), Session(self._engine) as session:
            return [_project(row) for row in session.scalars(query)]

    def choose(self, project: str | None, owner: str) -> None:
        """Makes a project the one that the owner works on; None leaves none."""
        with translated(), Session(self._engine) as session, session.begin():
            if project is None:
                session.execute(delete(_Choice).where(_Choice.owner == owner))
                return
            _find(session, project, owner)
            session.merge(_Choice(owner=owner, project_id=project))

    def chosen(self, owner: str) -> Project | None:
        """The project that the owner works on."""
        query = select(_Project).join(_Choice).where(_Choice.owner == owner)
        with translated(), Session(self._engine) as session:
            row = session.scalar(query)
            return None if row is None else _project(row)

    def delete(self, project: str, owner: str | None = None) -> None:
        """Removes a project for good."""
        with translated(), Session(self._engine) as session, session.begin():
            session.delete(_find(session, project, owner))


def _find(session: Session, project: str, owner: str | None) -> _Project:
    row = session.get(_Project, project, with_for_update=True)
    if row is None or (owner is not None and row.owner != owner):
        shown = project[:40]
        raise BadInput(
            Text(en=f"There is no project '{shown}'.", es=f"No hay ningún proyecto '{shown}'."),
            Text(en="Choose one of the list.", es="Elige uno de la lista."),
        )
    return row


def _free_name(session: Session, name: str, owner: str, project: str) -> str:
    """The name without needless spaces, when no other project of the owner has it."""
    name = " ".join(name.split())[:NAME_CHARACTERS]
    if not name:
        raise BadInput(
            Text(en="The project has no name.", es="El proyecto no tiene nombre."),
            Text(en="Write a name.", es="Escribe un nombre."),
        )
    taken = session.scalar(
        select(_Project.id).where(
            _Project.owner == owner, _Project.name == name, _Project.id != project
        )
    )
    if taken is not None:
        raise BadInput(
            Text(
                en=f"There is already a project '{name}'.",
                es=f"Ya hay un proyecto '{name}'.",
            ),
            Text(
                en="Choose another name, or change that project.",
                es="Elige otro nombre o modifica ese proyecto.",
            ),
        )
    return name


def _project(row: _Project) -> Project:
    states = json.loads(row.deliverables)
    return Project(
        id=row.id,
        name=row.name,
        created=row.created,
        updated=row.updated,
        brief=Brief.model_validate_json(row.brief),
        deliverables={
            deliverable: DeliverableState(**states.get(deliverable, {}))
            for deliverable in DELIVERABLES
        },
    )
