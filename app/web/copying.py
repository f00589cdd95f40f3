"""A button that copies text, which Streamlit has for code only."""

from __future__ import annotations

from typing import Final

import streamlit as st

_HTML: Final = '<button type="button"></button><span role="status"></span>'
_CSS: Final = """
button { font: inherit; font-size: 0.875rem; color: inherit; background: transparent; border: 0;
  padding: 0.35rem 0.5rem; min-height: 2.25rem; border-radius: var(--st-button-radius, 0.5rem);
  cursor: pointer; white-space: nowrap; }
button:hover { color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
"""
# The clipboard's own interface needs https or this machine; the older way works elsewhere.
_SCRIPT: Final = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  const status = parentElement.querySelector("span");
  button.textContent = data.label;
  const older = () => {
    const area = document.createElement("textarea");
    area.value = data.text;
    document.body.appendChild(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  };
  button.onclick = async () => {
    try { await navigator.clipboard.writeText(data.text); } catch { older(); }
    button.textContent = status.textContent = data.done;
    setTimeout(() => { button.textContent = data.label; status.textContent = ""; }, 2000);
  };
}
"""


@st.cache_resource(show_spinner=False)
def _component() -> st.components.v2.types.ComponentRenderer:
    return st.components.v2.component("copy-text", html=_HTML, css=_CSS, js=_SCRIPT)


def show_copy(text: str, label: str, done: str, key: str) -> None:
    """A button that puts a text on the clipboard and says that it did."""
    _component()(data={"text": text, "label": label, "done": done}, key=key, width="content")
