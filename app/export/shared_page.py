"""A conversation as one file to share: HTML that cannot be changed, runs nothing, fetches nothing.

Everything that came from a reader, a document or a model is escaped or rendered by a Markdown
parser without HTML, pictures and links; the only links are citations inside the page and the
primary sources that the references name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Final

from markdown_it import MarkdownIt

from app.expert.answer import Answer, Reference
from app.export.inert import inert
from app.export.markdown import checklist_items, place, without_checklist
from app.export.review_words import DELIVERABLE_WORDS
from app.history.store import Conversation
from ingest.schema import Language, Text

_WORDS: Final[dict[str, Text]] = {
    "about": Text(
        en="Read-only copy of a conversation with ML Engineer Expert, begun on {date}. Knowledge "
        "version {version}.",
        es="Copia de solo lectura de una conversación con ML Engineer Expert, empezada el {date}. "
        "Versión del conocimiento {version}.",
    ),
    "references": Text(en="References", es="Referencias"),
    "checklist": Text(en="Checklist", es="Lista de comprobación"),
    "supported": Text(
        en="{supported} of {total} statements supported by their citation",
        es="{supported} de {total} afirmaciones respaldadas por su cita",
    ),
    "done": Text(en="done", es="hecho"),
    "open": Text(en="to do", es="pendiente"),
}
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1f2523; --paper: #fdfcf9; --soft: #f3f1ea;
  --line: #dcd8cc; --accent: #0c6b5e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eae6; --paper: #14181a; --soft: #1e2426;
  --line: #353e41; --accent: #7fd8c4; } }
body { margin: 0 auto; max-width: 46rem; padding: 2.5rem 1.25rem 5rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
h1, h2, h3 { font-family: Georgia, serif; line-height: 1.25; }
h2 { margin-top: 3rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
a { color: var(--accent); }
pre { background: var(--soft); padding: 0.9rem; overflow-x: auto; border-radius: 0.5rem; }
code { font-size: 0.9em; }
blockquote { margin: 0.4rem 0; padding: 0.1rem 1rem; border-left: 3px solid var(--accent);
  white-space: pre-wrap; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
td, th { border: 1px solid var(--line); padding: 0.35rem 0.6rem; text-align: left; }
.quiet { font-size: 0.9rem; } ul.ticks { list-style: none; padding: 0; }
"""
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
_CITATION = re.compile(r"\[(\d{1,3})\](?!\()")
_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.DOTALL)
# Private-use characters carry a citation through the parser; the text may not bring its own.
_OPEN, _CLOSE = "\ue000", "\ue001"


def shared_page(conversation: Conversation) -> str:
    """The whole file."""
    answers = conversation.answers
    language = answers[-1].language if answers else "en"
    title = escape(" ".join(conversation.title.split()))
    about = _say("about", language).format(
        date=conversation.created[:10], version=answers[-1].knowledge_version if answers else "–"
    )
    body = [f"<h1>{title}</h1>", f'<p class="quiet">{escape(about)}</p>']
    body += [_turn(answer, number) for number, answer in enumerate(answers, start=1)]
    body.append(_checklist(conversation, language))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(part for part in body if part)
        + "\n</main>\n</body>\n</html>\n"
    )


def _turn(answer: Answer, number: int) -> str:
    language = answer.language
    known = {reference.n for reference in answer.references}
    parts = [f'<section lang="{language}">', f"<h2>{escape(answer.question)}</h2>"]
    parts += [f"<p><strong>⚠ {escape(warning)}</strong></p>" for warning in answer.warnings]
    parts.append(_rendered(without_checklist(answer), known, f"t{number}"))
    if answer.statements:
        supported = sum(s.verdict == "supported" for s in answer.statements)
        line = _say("supported", language).format(supported=supported, total=len(answer.statements))
        parts.append(f'<p class="quiet">{escape(line)}</p>')
    if answer.references:
        parts.append(f"<h3>{_say('references', language)}</h3>")
        parts += [_reference(one, language, f"t{number}") for one in answer.references]
    return "\n".join([*parts, "</section>"])


def _rendered(text: str, known: set[int], prefix: str) -> str:
    """Markdown as HTML, its citations as links to the references of the same turn."""
    clean = inert(text.replace(_OPEN, "").replace(_CLOSE, ""))

    def mark(match: re.Match[str]) -> str:
        n = int(match.group(1))
        return f"{_OPEN}{n}{_CLOSE}" if n in known else match.group(0)

    marked = "".join(
        piece if number % 2 else _CITATION.sub(mark, piece)
        for number, piece in enumerate(_CODE.split(clean))
    )
    # `inert` writes `<` as an entity, which stays one; links and pictures are left as plain text.
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    html = parser.disable(["image", "link", "autolink", "reference"]).render(marked)
    return re.sub(
        f"{_OPEN}(\\d+){_CLOSE}",
        lambda m: f'<a href="#{prefix}-{m.group(1)}">[{m.group(1)}]</a>',
        str(html),
    )


def _reference(reference: Reference, language: Language, prefix: str) -> str:
    where = place(reference.locator, language)
    head = (
        f"<strong>[{reference.n}] {escape(reference.title)}</strong> · {escape(reference.heading)}"
    )
    head += f" ({escape(where)})" if where else ""
    quotes = "".join(f"<blockquote>{escape(quote)}</blockquote>" for quote in reference.quotes)
    links = " · ".join(_source(source.title, source.url) for source in reference.sources)
    if not links and reference.url:
        links = _source(reference.url, reference.url)
    return (
        f'<div id="{prefix}-{reference.n}"><p>{head}</p>{quotes}<p class="quiet">{links}</p></div>'
    )


def _source(title: str, url: str) -> str:
    """A link to a primary source; what is no web address is shown as words."""
    if not url.startswith(("https://", "http://")):
        return escape(title)
    return f'<a href="{escape(url, quote=True)}" rel="noreferrer noopener">{escape(title)}</a>'


def _checklist(conversation: Conversation, language: Language) -> str:
    items = checklist_items(conversation.answers)
    if not items:
        return ""
    parts = [f"<section><h2>{_say('checklist', language)}</h2>"]
    for deliverable, words in DELIVERABLE_WORDS.items():
        own = [item for item in items if item.deliverable == deliverable]
        if own:
            parts.append(f"<h3>{escape(words.in_language(language))}</h3>")
            parts.append(_ticks([(i.text, i.id in conversation.ticked) for i in own], language))
    return "\n".join([*parts, "</section>"])


def _ticks(items: Sequence[tuple[str, bool]], language: Language) -> str:
    lines = (
        f"<li>{'☑' if done else '☐'} {escape(text)} "
        f'<span class="quiet">({_say("done" if done else "open", language)})</span></li>'
        for text, done in items
    )
    return '<ul class="ticks">' + "".join(lines) + "</ul>"


def _say(key: str, language: Language) -> str:
    return _WORDS[key].in_language(language)
