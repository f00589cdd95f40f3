"""`mlexpert`: one function a command. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer

from app.errors import BadInput, ExpertError
from ingest.schema import Language, Text

app = typer.Typer(
    name="mlexpert",
    help="ML Engineer Expert: grounded answers and reviews for production ML.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
kb = typer.Typer(help="The curated knowledge.", no_args_is_help=True)
app.add_typer(kb, name="kb")

LangOption = Annotated[
    Literal["es", "en", "auto"], typer.Option("--lang", help="Language of the answer.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know.")] = None,
    role: Annotated[
        Literal["cto", "python", "devops", "qa", "product"] | None, typer.Option()
    ] = None,
    brief: Annotated[Path | None, typer.Option(help="Project brief: text, YAML or JSON.")] = None,
    attach: Annotated[list[Path] | None, typer.Option(help="Files to read as well.")] = None,
    batch: Annotated[Path | None, typer.Option(help="JSON lines: id, question, lang.")] = None,
    save: Annotated[bool, typer.Option("--save", help="Keep it in the history.")] = False,
    lang: LangOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """One grounded answer; Markdown on a terminal."""
    from app import commands

    with _clear_errors(lang):
        product = commands.open_with_progress()
        options = commands.AskOptions(
            language=_language(lang), role=role, brief=brief, attach=attach
        )
        if batch is not None:
            for row in commands.ask_batch(product, batch, options):
                _print_json(row)
            return
        answer = commands.ask_one(product, _required(question), options, save=save)
        if as_json:
            _print_json({**answer.to_json(), "id": "q1"})
        else:
            typer.echo(commands.answer_text(answer))


@app.command()
def search(
    query: Annotated[str | None, typer.Argument()] = None,
    k: Annotated[int, typer.Option("--k", min=1, max=100)] = 10,
    batch: Annotated[Path | None, typer.Option(help="JSON lines: id, question or query.")] = None,
    lang: LangOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Passages, best first."""
    from app import commands

    with _clear_errors(lang):
        product = commands.open_with_progress()
        if batch is not None:
            for row in commands.search_batch(product, batch, k, _language(lang)):
                _print_json(row)
            return
        found = commands.search_one(product, _required(query), k, _language(lang), "q1")
        if as_json:
            _print_json(found)
        else:
            typer.echo(commands.search_text(found))


@app.command()
def review(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders or zip archives.")],
    *,
    brief: Annotated[Path | None, typer.Option(help="Project brief, reviewed with them.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write the report here.")] = None,
    sarif: Annotated[Path | None, typer.Option(help="Write the gaps as SARIF 2.1.0 here.")] = None,
    github: Annotated[
        bool, typer.Option("--github", help="Print GitHub annotations instead of the report.")
    ] = False,
    fail_under: Annotated[
        float | None,
        typer.Option(min=0, max=100, help="Exit with 1 when the score is below this."),
    ] = None,
    project: Annotated[
        str | None, typer.Option(help="Compare with the last review of this name.")
    ] = None,
    keep: Annotated[
        bool, typer.Option(help="Keep verdicts and quotes, to say next time what changed.")
    ] = True,
    lang: LangOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Reviews project documents against the rubric."""
    from app import commands
    from app.wiring import ReviewOptions

    with _clear_errors(lang):
        given = [*paths, *([brief] if brief else [])]
        options = ReviewOptions(_language(lang), project, keep)
        found = commands.review_paths(given, options)
        for line in commands.review_notices(found):
            typer.echo(line, err=True)
        if markdown is not None:
            commands.write_file(markdown, commands.review_text(found))
        if sarif is not None:
            commands.write_file(sarif, commands.review_sarif(found, given))
        for written in filter(None, (markdown, sarif)):
            typer.echo(f"{written}", err=True)
        if as_json:
            _print_json(found.to_json())
        elif github:
            for line in commands.review_annotations(found, given):
                typer.echo(line)
        elif markdown is None:
            typer.echo(commands.review_text(found))
        if not found.documents:
            raise typer.Exit(2)
        failure = commands.check_score(found, fail_under)
        if failure is not None:
            typer.echo(failure, err=True)
            raise typer.Exit(1)


@app.command()
def ingest(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files, folders or zips.")] = None,
    collection: Annotated[str, typer.Option()] = "documents",
    list_: Annotated[bool, typer.Option("--list", help="List the collections.")] = False,
    remove: Annotated[str | None, typer.Option(metavar="NAME")] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build the index again.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Adds your own documents to the searchable knowledge."""
    from app import commands

    with _clear_errors("auto"):
        result = commands.ingest(paths or [], collection, list_, remove, rebuild)
        for line in result.notices:
            typer.echo(line, err=True)
        if as_json:
            _print_json(result.json)
        else:
            typer.echo(result.text)


@app.command()
def history(as_json: JsonOption = False) -> None:
    """Conversations, the latest first."""
    from app import commands

    with _clear_errors("auto"):
        rows = commands.history_rows()
        if as_json:
            _print_json({"conversations": rows})
        for row in [] if as_json else rows:
            typer.echo(f"{row['id']}  {row['updated']}  {row['turns']:>3}  {row['title']}")


@app.command()
def export(
    conversation: Annotated[str, typer.Argument(metavar="CONVERSATION_ID")],
    out: Annotated[Path, typer.Option("--out")],
) -> None:
    """Writes a conversation as Markdown."""
    from app import commands

    with _clear_errors("auto"):
        commands.write_file(out, commands.conversation_text(conversation))
        typer.echo(str(out), err=True)


@app.command("eval")
def evaluate(
    questions: Annotated[
        list[Path] | None,
        typer.Option(help="Folder with questions.jsonl and out_of_scope.jsonl."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measures retrieval, abstention and answers on question sets."""
    from app import commands

    with _clear_errors("auto"):
        golden = Path(__file__).resolve().parent.parent / "tests" / "golden"
        report = commands.evaluation(questions or [golden])
        if as_json:
            _print_json(report)
        else:
            typer.echo(commands.evaluation_text(report))


@app.command()
def doctor(as_json: JsonOption = False) -> None:
    """Checks the installation; each line says ok, warn or fail, with the mend."""
    from app import commands

    with _clear_errors("auto"):
        checks = commands.doctor()
        if as_json:
            _print_json({"checks": checks})
        for row in [] if as_json else checks:
            mend = f"  → {row['mend']}" if row["mend"] else ""
            typer.echo(f"{row['status']:<5} {row['name']:<12} {row['detail']}{mend}")
        if any(row["status"] == "fail" for row in checks):
            raise typer.Exit(1)


@app.command()
def ui(
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8501,
    prepare: Annotated[
        bool, typer.Option("--prepare-only", help="Prepare model and index, then stop.")
    ] = False,
    behind_proxy: Annotated[
        bool,
        typer.Option("--behind-proxy", help="A proxy with sign-in stands in front: any --host."),
    ] = False,
) -> None:
    """The web page, on this machine only unless a proxy with sign-in stands in front."""
    from app import commands

    with _clear_errors("auto"):
        if prepare:
            commands.open_with_progress()
            return
        raise typer.Exit(commands.run_ui(host, port, behind_proxy=behind_proxy))


@kb.command("check")
def kb_check() -> None:
    """Validates the knowledge; exit code 1 when there is an error."""
    from app import commands

    with _clear_errors("auto"):
        problems = commands.kb_problems()
        for problem in problems:
            typer.echo(
                f"{problem.level}: {problem.file}:{problem.line}: {problem.message} "
                f"→ {problem.mend}"
            )
        errors = sum(problem.level == "error" for problem in problems)
        typer.echo(f"{errors} errors, {len(problems) - errors} warnings", err=True)
        if errors:
            raise typer.Exit(1)


@kb.command("stats")
def kb_stats(as_json: JsonOption = False) -> None:
    """Counts of the knowledge."""
    from app import commands

    with _clear_errors("auto"):
        stats = commands.kb_stats()
        if as_json:
            _print_json(stats)
        for key, value in {} if as_json else stats.items():
            typer.echo(f"{key}: {value}")


@kb.command("show")
def kb_show(entry: str, lang: LangOption = "auto") -> None:
    """One entry, as Markdown."""
    from app import commands

    with _clear_errors(lang):
        typer.echo(commands.entry_text(entry, _language(lang) or "en"))


@kb.command("vectors", hidden=True)
def kb_vectors() -> None:
    """Computes the vectors that ship with the knowledge (after a change of the entries)."""
    from app import commands

    with _clear_errors("auto"):
        typer.echo(str(commands.write_vectors()), err=True)


@contextmanager
def _clear_errors(lang: str) -> Iterator[None]:
    """One line on stderr and the exit code of the interface instead of a traceback."""
    try:
        yield
    except ExpertError as error:
        typer.echo(error.in_language("es" if lang == "es" else "en"), err=True)
        raise typer.Exit(error.exit_code) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise typer.Exit(0) from None


def _language(lang: str) -> Language | None:
    return None if lang == "auto" else cast("Language", lang)


def _required(text: str | None) -> str:
    if text is None:
        raise BadInput(
            Text(en="There is no question.", es="Falta la pregunta."),
            Text(en="Give it in quotes or use --batch FILE.", es="Escríbela o usa --batch FILE."),
        )
    return text


def _print_json(data: Any) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False))
    sys.stdout.flush()


if __name__ == "__main__":
    app()
