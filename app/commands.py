"""What the commands of the terminal do, apart from parsing arguments and printing."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import BadInput, DocumentError, ExpertError
from app.expert.answer import Answer
from app.expert.question import read_question
from app.export.github import github_annotations
from app.export.markdown import answer_markdown, conversation_markdown
from app.export.review_report import review_markdown
from app.export.sarif import sarif
from app.review.report import Review
from app.settings import Settings, read_settings
from app.wiring import (
    Product,
    ReviewOptions,
    collections_of,
    forget_collection,
    index_folder,
    ingest_paths,
    load_knowledge,
    no_progress,
    open_product,
    open_store,
    open_writer,
    read_files,
    refused_lines,
    review_files,
    shipped_vectors,
    validate_knowledge,
)
from ingest.schema import LANGUAGES, Language, Role, SearchResult, Text, uncovered_topics


@dataclass(frozen=True)
class AskOptions:
    """What `ask` was called with, beside the question."""

    language: Language | None = None
    role: Role | None = None
    brief: Path | None = None
    attach: Sequence[Path] | None = None


@dataclass(frozen=True)
class Result:
    """What a command prints: text or JSON on stdout, notices on stderr."""

    json: dict[str, Any]
    text: str = ""
    notices: tuple[str, ...] = ()


def open_with_progress() -> Product:
    """The product, with a progress bar on a terminal's stderr while something is prepared."""
    settings = read_settings()
    if not sys.stderr.isatty():
        return open_product(settings)
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("Preparing model and index", total=1.0)
        return open_product(settings, lambda share, _what: bar.update(task, completed=share))


def ask_one(product: Product, text: str, options: AskOptions, *, save: bool = False) -> Answer:
    """One answer; with `save` it starts a conversation in the history."""
    brief = read_text_file(options.brief) if options.brief else ""
    expert, notes = product.expert, []
    if options.attach:
        uploads, refused = read_files(options.attach)
        expert, parsed = product.with_attachments(uploads)
        notes = [*refused, *parsed.refused]
    question = read_question(text, language=options.language, role=options.role, brief=brief)
    answer = expert.ask(question)
    if notes:
        lines = refused_lines(notes, answer.language)
        answer = answer.model_copy(update={"warnings": (*answer.warnings, *lines)})
    if save:
        store = open_store(product.settings)
        store.append(store.start(answer.question), answer)
    return answer


def ask_batch(product: Product, path: Path, options: AskOptions) -> Iterator[dict[str, Any]]:
    """One answer object for each line, in order; a bad line gives an error object."""
    for number, row in _rows(path):
        key = _row_id(row, number)
        try:
            question, language = _row_question(row, options.language, ("question",))
            line = AskOptions(language, options.role, options.brief, options.attach)
            yield {**ask_one(product, question, line).to_json(), "id": key}
        except ExpertError as error:
            yield {"id": key, "error": str(error)}


def search_one(
    product: Product, query: str, k: int, language: Language | None, key: str
) -> dict[str, Any]:
    """The `search` object of the interface."""
    question = read_question(query, language=language)
    result = product.search.search(question.text, question.language, k)
    return {
        "id": key,
        "query": question.text,
        "language": question.language,
        "results": _search_rows(result),
        "timings_ms": {
            "embed": round(result.embed_ms, 1),
            "retrieve": round(result.retrieve_ms, 1),
            "total": round(result.embed_ms + result.retrieve_ms, 1),
        },
    }


def search_batch(
    product: Product, path: Path, k: int, language: Language | None
) -> Iterator[dict[str, Any]]:
    """One search object for each line, in order; a bad line gives an error object."""
    for number, row in _rows(path):
        key = _row_id(row, number)
        try:
            query, own = _row_question(row, language, ("query", "question"))
            yield search_one(product, query, k, own, key)
        except ExpertError as error:
            yield {"id": key, "error": str(error)}


def search_text(found: dict[str, Any]) -> str:
    """Search results for a terminal."""
    lines = []
    for row in found["results"]:
        lines.append(f"{row['rank']:>2}. {row['title']} · {row['section']}  ({row['score']:.2f})")
        lines.append(f"    {row['id']}  {row['url'] or ''}")
        lines.append("    " + " ".join(row["text"].split())[:220])
    return "\n".join(lines)


def answer_text(answer: Answer) -> str:
    return answer_markdown(answer)


def review_paths(paths: Sequence[Path], options: ReviewOptions) -> Review:
    """Reviews files and folders."""
    uploads, refused = read_files(paths)
    return review_files(read_settings(), uploads, options, refused)


def review_text(review: Review) -> str:
    return review_markdown(review, review.language)


def review_sarif(review: Review, paths: Sequence[Path]) -> str:
    """The gaps as SARIF, documents named from the working folder."""
    found = sarif(review, review.language, lambda name: _from_here(name, paths))
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def review_annotations(review: Review, paths: Sequence[Path]) -> Iterator[str]:
    """The gaps as lines that GitHub Actions shows beside the files."""
    return github_annotations(review, review.language, lambda name: _from_here(name, paths))


def review_notices(review: Review) -> list[str]:
    """One line for each file that was not used."""
    return refused_lines(review.refused, review.language)


def check_score(review: Review, fail_under: float | None) -> str | None:
    """What stands in the way of a pass, or None."""
    if fail_under is None or review.score >= fail_under:
        return None
    return Text(
        en=f"The score {review.score} is below {fail_under:g}.",
        es=f"La puntuación {review.score} está por debajo de {fail_under:g}.",
    ).in_language(review.language)


def _from_here(name: str, paths: Sequence[Path]) -> str:
    """The path of a reviewed document from the working folder; its own name if it has none."""
    for path in paths:
        file = path / name if path.is_dir() else path
        if file.is_file() and (path.is_dir() or path.name == name):
            relative = os.path.relpath(file)
            return Path(relative).as_posix() if not relative.startswith("..") else name
    return name


def ingest(
    paths: Sequence[Path], collection: str, list_: bool, remove: str | None, rebuild: bool
) -> Result:
    """Adds documents, or lists, removes or rebuilds collections."""
    settings = read_settings()
    if list_:
        rows: list[dict[str, Any]] = [
            {"name": c.name, "documents": list(c.documents), "passages": c.passages}
            for c in collections_of(settings)
        ]
        text = "\n".join(f"{r['name']}: {len(r['documents'])} documents" for r in rows)
        return Result(json={"collections": rows}, text=text or "No collections.")
    if remove is not None:
        forget_collection(settings, remove)
        return Result(json={"removed": remove}, text=f"Removed {remove}.")
    if rebuild:
        shutil.rmtree(index_folder(settings) / "curated", ignore_errors=True)
        product = open_product(settings)
        counts = product.search.curated.manifest.passages
        return Result(json={"rebuilt": "curated", "passages": counts}, text=f"Rebuilt: {counts}")
    if not paths:
        raise BadInput(
            Text(en="There is nothing to add.", es="No hay nada que añadir."),
            Text(en="Give files or folders, or --list.", es="Indica archivos, carpetas o --list."),
        )
    info, parsed = ingest_paths(settings, paths, collection, no_progress)
    receipts = [
        {
            "name": d.name,
            "kind": d.kind,
            "pages": d.pages,
            "characters": len(d.text),
            "pages_without_text": list(d.pages_without_text),
            "language": d.language,
        }
        for d in parsed.documents
    ]
    return Result(
        json={
            "collection": info.name,
            "documents": receipts,
            "passages": info.passages,
            "refused": [{"name": r.name, "reason": r.reason.en} for r in parsed.refused],
        },
        text=f"{info.name}: {len(info.documents)} documents, {info.passages} passages",
        notices=tuple(refused_lines(parsed.refused, "en")),
    )


def history_rows() -> list[dict[str, Any]]:
    return [summary.__dict__ for summary in open_store(read_settings()).list()]


def conversation_text(conversation: str) -> str:
    return conversation_markdown(open_store(read_settings()).load(conversation))


def kb_problems() -> list[Any]:
    return validate_knowledge(read_settings())


def kb_stats() -> dict[str, Any]:
    """Counts by area, kind, language and status, and totals."""
    knowledge = load_knowledge(read_settings())
    areas = {topic.id: topic.area for topic in knowledge.topics}
    metas = [entry.meta for entry in knowledge.entries.values()]
    bodies = {
        language: [s.body for e in knowledge.entries.values() for s in e.sections[language]]
        for language in LANGUAGES
    }
    fences = [body.count("```") // 2 for body in bodies["en"]]
    return {
        "version": knowledge.version,
        "entries": len(metas),
        "by_area": dict(Counter(areas.get(m.topics[0], "other") for m in metas)),
        "by_kind": dict(Counter(m.kind for m in metas)),
        "by_status": dict(Counter(m.status for m in metas)),
        "playbooks_by_situation": dict(Counter(m.situation for m in metas if m.situation)),
        "languages": {lang: len(knowledge.entries) for lang in LANGUAGES},
        "topics_covered": len(knowledge.topics) - len(uncovered_topics(knowledge)),
        "topics": len(knowledge.topics),
        "sources": sum(len(m.sources) for m in metas),
        "footnotes": sum(body.count("[^") for body in bodies["en"]),
        "code_blocks": sum(fences),
        "run_blocks": sum(body.count("```python run") for body in bodies["en"]),
        "words": {lang: sum(len(b.split()) for b in own) for lang, own in bodies.items()},
        "checklist_items": {n: len(c.items) for n, c in knowledge.checklists.items()},
        "criteria": len(knowledge.criteria),
    }


def entry_text(entry: str, language: Language) -> str:
    """An entry as one Markdown page with its sources."""
    knowledge = load_knowledge(read_settings())
    found = knowledge.entries.get(entry)
    if found is None:
        import difflib

        near = ", ".join(difflib.get_close_matches(entry, knowledge.entries, n=3))
        raise BadInput(
            Text(en=f"There is no entry '{entry[:60]}'.", es=f"No existe '{entry[:60]}'."),
            Text(en=f"Near: {near or 'see kb stats'}.", es=f"Parecidas: {near or 'kb stats'}."),
        )
    meta = found.meta
    parts = [f"# {meta.title.in_language(language)}", meta.summary.in_language(language)]
    parts += [f"## {s.heading}\n\n{s.body}" for s in found.sections[language]]
    parts += [f"[^{s.key}]: [{s.title}]({s.url}), {s.publisher}, {s.year}" for s in meta.sources]
    return "\n\n".join(parts)


def write_vectors() -> Path:
    return shipped_vectors(read_settings())


def evaluation(folders: Sequence[Path]) -> dict[str, Any]:
    """The numbers of each question set, by the folder's name."""
    from app.evaluation.run import evaluate, read_cases

    product = open_with_progress()
    return {folder.name: evaluate(product, *read_cases(folder)) for folder in folders}


def evaluation_text(report: dict[str, Any]) -> str:
    from app.evaluation.run import summary

    return "\n\n".join(f"{name}\n{summary(own)}" for name, own in report.items())


def doctor() -> list[dict[str, str]]:
    """Rows of name, status (ok, warn, fail), detail and mend."""
    rows: list[dict[str, str]] = []

    def row(name: str, status: str, detail: str, mend: str = "") -> None:
        rows.append({"name": name, "status": status, "detail": detail, "mend": mend})

    settings: Settings
    try:
        settings = read_settings()
    except ExpertError as error:
        row("settings", "fail", error.says.en, error.hint.en)
        return rows
    row("settings", "ok", f"data in {settings.data_folder}")
    product: Product | None = None
    try:
        product = open_product(settings)
        row("model", "ok", f"{settings.embedding}, {product.embedder.dimension} dimensions")
        row("index", "ok", f"{sum(product.search.curated.manifest.passages.values())} passages")
        row("knowledge", "ok", f"{len(product.knowledge.entries)} entries")
    except ExpertError as error:
        row("index", "fail", error.says.en, error.hint.en)
    try:
        open_store(settings).check()
        row("database", "ok", "conversations can be read and written")
    except ExpertError as error:
        row("database", "fail", error.says.en, error.hint.en)
    rows.append(_check_endpoint(settings))
    rows.append(_check_disk(settings.data_folder))
    return rows


def run_ui(host: str, port: int, *, behind_proxy: bool = False) -> int:
    """Serves the page until it is stopped; returns the server's exit code.

    Raises BadInput for an address that others can reach, unless visitors sign in or a proxy guards
    it.
    """
    guarded = behind_proxy or read_settings().sign_in
    if host not in {"127.0.0.1", "localhost", "::1"} and not guarded:
        raise BadInput(
            Text(
                en="The page has no sign-in, so it is served on this machine only.",
                es="La página no tiene inicio de sesión, así que solo se sirve en esta máquina.",
            ),
            Text(
                en="Use --host 127.0.0.1, set up the sign-in (README), or add --behind-proxy with "
                "a proxy that signs people in.",
                es="Usa --host 127.0.0.1, configura el inicio de sesión (README) o añade "
                "--behind-proxy con un proxy que autentique.",
            ),
        )
    _check_port(host, port)
    open_with_progress()
    page = Path(__file__).resolve().parent / "web" / "serving.py"
    from app.web_options import STREAMLIT_OPTIONS

    command = [sys.executable, "-m", "streamlit", "run", str(page)]
    command += [f"--{key}={value}" for key, value in STREAMLIT_OPTIONS.items()]
    command += [f"--server.address={host}", f"--server.port={port}"]
    sys.stderr.write(f"http://{host}:{port}\n")
    # Other folders of the reader's may hold packages named app or ingest: ours come first.
    root = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
    environment = {**os.environ, "PYTHONPATH": path}
    if behind_proxy:
        environment["MLEXPERT_BEHIND_PROXY"] = "true"
    if os.name == "posix":
        # The server takes this process's place, so that the memory of the preparation is freed.
        sys.stderr.flush()
        os.execve(sys.executable, command, environment)
    try:
        return subprocess.run(command, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 0


def read_text_file(path: Path, limit: int = 200_000) -> str:
    """A small text file; DocumentError when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")[:limit]
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(
            Text(
                en=f"The file '{path.name}' cannot be read as text.",
                es=f"No se puede leer '{path.name}' como texto.",
            ),
            Text(en="Check the path and that it is UTF-8.", es="Revisa la ruta y que sea UTF-8."),
        ) from error


def write_file(path: Path, text: str) -> None:
    """Writes a file at once, or not at all."""
    work = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        work.write_text(text, encoding="utf-8")
        work.replace(path)
    except OSError as error:
        work.unlink(missing_ok=True) if work.parent.is_dir() else None
        raise BadInput(
            Text(
                en=f"The file '{path.name}' cannot be written.",
                es=f"No se puede escribir el archivo '{path.name}'.",
            ),
            Text(
                en="Check the folder, its permissions and free space.",
                es="Revisa la carpeta, sus permisos y el espacio libre.",
            ),
        ) from error


def _rows(path: Path) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(read_text_file(path, 50_000_000).splitlines(), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError:
                yield number, None


def _row_id(row: Any, number: int) -> Any:
    return row.get("id", f"line-{number}") if isinstance(row, dict) else f"line-{number}"


def _row_question(
    row: Any, language: Language | None, keys: Sequence[str]
) -> tuple[str, Language | None]:
    text = (
        next((row[k] for k in keys if isinstance(row.get(k), str)), None)
        if isinstance(row, dict)
        else None
    )
    if text is None:
        raise BadInput(
            Text(en="The line is no JSON object with a question.", es="La línea no es un objeto."),
            Text(en='Write {"id": "...", "question": "..."}.', es='Escribe {"id", "question"}.'),
        )
    own = row.get("lang")
    if own not in (None, "auto", *LANGUAGES):
        raise BadInput(
            Text(en="lang must be es, en or auto.", es="lang debe ser es, en o auto."),
            Text(en="Correct the line.", es="Corrige la línea."),
        )
    return text, own if own in LANGUAGES else language


def _search_rows(result: SearchResult) -> list[dict[str, Any]]:
    return [
        {
            "rank": rank,
            "id": hit.passage.id,
            "entry": hit.passage.entry,
            "title": hit.passage.title,
            "section": hit.passage.section,
            "language": hit.passage.language,
            "text": hit.passage.text,
            "score": hit.score,
            "topics": list(hit.passage.topics),
            "collection": hit.passage.collection,
            "locator": hit.passage.locator.model_dump(),
            "url": hit.passage.url,
        }
        for rank, hit in enumerate(result.hits, start=1)
    ]


def _check_endpoint(settings: Settings) -> dict[str, str]:
    row = {"name": "llm", "status": "ok", "detail": "none set: composed answers", "mend": ""}
    try:
        writer = open_writer(settings)
        if writer is not None:
            seconds = writer.check()
            row["detail"] = f"{writer.name} answers in {seconds * 1000:.0f} ms"
    except ExpertError as error:
        # Composed answers go on, so that a dead endpoint is a warning and no failure.
        row |= {"status": "warn", "detail": error.says.en, "mend": error.hint.en}
    return row


def _check_disk(folder: Path) -> dict[str, str]:
    existing = next((p for p in (folder, *folder.parents) if p.exists()), Path("/"))
    free = shutil.disk_usage(existing).free // 10**6
    status = "ok" if free > 500 else "warn"
    mend = "" if free > 500 else "free some space or move MLEXPERT_DATA_DIR"
    return {"name": "disk", "status": status, "detail": f"{free} MB free", "mend": mend}


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadInput(
                Text(
                    en=f"The port {port} is in use or not allowed.",
                    es=f"El puerto {port} está ocupado o no está permitido.",
                ),
                Text(
                    en=f"Try another: mlexpert ui --port {port % 65535 + 1}.",
                    es=f"Prueba otro: mlexpert ui --port {port % 65535 + 1}.",
                ),
            ) from error
