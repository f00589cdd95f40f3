"""The page of the project brief: what the project is about, and how far its deliverables are."""

from __future__ import annotations

import streamlit as st

from app.errors import ExpertError
from app.export.inert import inert
from app.export.project_markdown import STATE_MARKS, STATE_WORDS, project_markdown
from app.export.review_words import DELIVERABLE_WORDS
from app.history.projects import (
    NAME_CHARACTERS,
    STATES,
    DeliverableState,
    Project,
)
from app.solve.brief import BRIEF_LABELS, FIELD_CHARACTERS, LONG_CHARACTERS, Brief
from app.web.page_words import BRIEF_HINTS, tell
from app.web.places import choice_in_address, remember_choice, show_link
from app.web.session import interface_language, shared_projects
from app.web.visitor import visitor
from ingest.schema import Deliverable, Language

PARAMETER = "project"
_NEW = "new"
_NOTICE = "project-notice"


def page() -> None:
    """Draws the page from top to bottom."""
    language = interface_language()
    st.title(tell("brief", language), anchor=False)
    st.markdown(tell("brief_intro", language))
    store, owner = shared_projects(), visitor()
    projects = {project.id: project for project in store.list(owner)}
    chosen = store.chosen(owner)
    project = _show_choice(projects, chosen, language)
    if notice := st.session_state.pop(_NOTICE, None):
        st.success(inert(notice), icon=":material/check:")
    if project is not None:
        _show_use(project, chosen, language)
    _show_form(project, language)
    st.header(tell("deliverables", language), anchor="deliverables")
    if project is None:
        st.caption(tell("deliverables_later", language))
        return
    _show_deliverables(project, language)
    _show_actions(project, language)


def _show_choice(
    projects: dict[str, Project], chosen: Project | None, language: Language
) -> Project | None:
    """The project to show: that of the address, else the one in use; None is a new one."""
    if not projects:
        return None
    default = chosen.id if chosen and chosen.id in projects else _NEW
    wanted = st.selectbox(
        tell("which_project", language),
        [_NEW, *projects],
        format_func=lambda key: (
            tell("new_project", language) if key == _NEW else inert(projects[key].name)
        ),
        key=choice_in_address(PARAMETER, [_NEW, *projects], default),
        on_change=remember_choice,
        args=(PARAMETER, default),
    )
    return projects.get(wanted)


def _show_use(project: Project, chosen: Project | None, language: Language) -> None:
    key = f"use-{project.id}"

    def use() -> None:
        shared_projects().choose(project.id if st.session_state[key] else None, visitor())
        st.query_params[PARAMETER] = project.id

    in_use = chosen is not None and chosen.id == project.id
    st.toggle(tell("in_use", language), value=in_use, key=key, on_change=use)


def _show_form(project: Project | None, language: Language) -> None:
    """The fields; what is typed reaches the database when it is saved."""
    key = project.id if project else _NEW
    brief = project.brief if project else Brief()
    with st.form(f"brief-{key}", enter_to_submit=False):
        name = st.text_input(
            tell("name", language),
            value=project.name if project else "",
            max_chars=NAME_CHARACTERS,
            placeholder=tell("name_hint", language),
            key=f"name-{key}",
        )
        values = {"task": _long_field("task", brief, key, language)}
        st.markdown(f"**{tell('context', language)}**")
        values |= _fields(
            ("problem", "volume", "latency", "throughput", "infrastructure"), brief, key, language
        )
        st.markdown(f"**{tell('requirements', language)}**")
        values |= _fields(("framework", "target", "monitoring", "compliance"), brief, key, language)
        values["notes"] = _long_field("notes", brief, key, language)
        st.caption(tell("unsaved_hint", language))
        if st.form_submit_button(
            tell("save", language), type="primary", icon=":material/save:", key=f"save-{key}"
        ):
            _save(project, name, Brief(**values), language)


def _fields(names: tuple[str, ...], brief: Brief, key: str, language: Language) -> dict[str, str]:
    columns = st.columns(2)
    values = {}
    for number, name in enumerate(names):
        values[name] = columns[number % 2].text_input(
            BRIEF_LABELS[name].in_language(language),
            value=str(getattr(brief, name)),
            max_chars=FIELD_CHARACTERS,
            placeholder=BRIEF_HINTS[name].in_language(language),
            key=f"{name}-{key}",
        )
    return values


def _long_field(name: str, brief: Brief, key: str, language: Language) -> str:
    return st.text_area(
        BRIEF_LABELS[name].in_language(language),
        value=str(getattr(brief, name)),
        max_chars=LONG_CHARACTERS,
        placeholder=BRIEF_HINTS[name].in_language(language),
        key=f"{name}-{key}",
    )


def _save(project: Project | None, name: str, brief: Brief, language: Language) -> None:
    """Keeps the brief; a new project becomes the one in use."""
    store, owner = shared_projects(), visitor()
    try:
        if project is None:
            key = store.create(name, brief, owner)
            store.choose(key, owner)
            st.query_params[PARAMETER] = key
        else:
            store.update(project.id, name, brief, owner)
    except ExpertError as error:
        st.error(inert(error.in_language(language)))
        return
    st.session_state[_NOTICE] = tell("saved", language, name=" ".join(name.split()))
    st.rerun()


@st.fragment
def _show_deliverables(project: Project, language: Language) -> None:
    """State and evidence of the six; each change is kept at once and redraws this part alone."""
    st.markdown(tell("deliverables_intro", language))
    progress = st.empty()
    now = {name: _show_deliverable(project, name, language) for name in project.deliverables}
    needed = [state for state in now.values() if state != "not-needed"]
    if not needed:
        progress.caption(tell("deliverables_none", language))
        return
    done = needed.count("done")
    progress.progress(
        done / len(needed), tell("deliverables_done", language, done=done, total=len(needed))
    )


def _show_deliverable(project: Project, name: Deliverable, language: Language) -> str:
    kept = project.deliverables[name]
    title = DELIVERABLE_WORDS[name].in_language(language)
    state_key, evidence_key = f"state-{project.id}-{name}", f"evidence-{project.id}-{name}"

    def keep() -> None:
        state = DeliverableState(st.session_state[state_key], st.session_state[evidence_key])
        shared_projects().track(project.id, name, state, visitor())

    with st.container(border=True, gap="small"):
        st.markdown(f"**{title}**")
        left, right = st.columns([1, 2])
        state = left.selectbox(
            tell("state_of", language, name=title),
            STATES,
            index=STATES.index(kept.state),
            format_func=lambda one: f"{STATE_MARKS[one]} {STATE_WORDS[one].in_language(language)}",
            key=state_key,
            on_change=keep,
            label_visibility="collapsed",
        )
        right.text_input(
            tell("evidence_of", language, name=title),
            value=kept.evidence,
            placeholder=tell("evidence_hint", language),
            key=evidence_key,
            on_change=keep,
            label_visibility="collapsed",
        )
    return str(state)


def _show_actions(project: Project, language: Language) -> None:
    store, key = shared_projects(), project.id
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.download_button(
            tell("download_brief", language),
            # Written when it is clicked, so that it holds the latest states.
            lambda: project_markdown(store.load(key), language),
            file_name="project.md",
            mime="text/markdown",
            on_click="ignore",
            icon=":material/download:",
            key=f"download-{key}",
        )
        if st.button(
            tell("delete_project", language), icon=":material/delete:", key=f"delete-{key}"
        ):
            _confirm_deletion(project, language)
        show_link("review", tell("review_it", language))


def _confirm_deletion(project: Project, language: Language) -> None:
    @st.dialog(tell("delete_project", language))
    def ask() -> None:
        st.markdown(inert(tell("delete_project_sure", language, name=project.name)))
        with st.container(horizontal=True, gap="small"):
            if st.button(tell("delete_yes", language), type="primary", key="delete-yes"):
                shared_projects().delete(project.id, visitor())
                st.query_params.pop(PARAMETER, None)
                st.session_state[_NOTICE] = tell("project_deleted", language, name=project.name)
                st.rerun()
            if st.button(tell("keep", language), key="delete-no"):
                st.rerun()

    ask()
