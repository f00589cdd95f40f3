"""Keeps the reader where reading begins: Streamlit goes to the end of a page with a chat input."""

from __future__ import annotations

from typing import Final

import streamlit as st

# While the page grows Streamlit follows its end and takes any other place back, so the move waits
# until the page stands still, and is made again when it did not hold.
_SCRIPT: Final = """
let seen = null;
const STILL = 3, TRIES = 80, EVERY = 50, HEADER = 76;
export default function ({ data }) {
  const before = seen;
  seen = data.turn;
  if (before === data.turn || !data.fresh) return;
  let tries = 0, still = 0, last = -1, moved = false;
  const look = () => {
    if (seen !== data.turn || ++tries > TRIES) return;
    const messages = document.querySelectorAll('[data-testid="stChatMessage"]');
    const question = messages[messages.length - 2];
    let area = question;
    while (area && !/auto|scroll/.test(getComputedStyle(area).overflowY)) area = area.parentElement;
    if (area) {
      still = area.scrollTop === last ? still + 1 : 0;
      last = area.scrollTop;
      if (still >= STILL) {
        const away = question.getBoundingClientRect().top - HEADER;
        const there = Math.abs(away) < 8 || (away < 0 && area.scrollTop === 0);
        if (there && moved) return;
        area.scrollTop += away;
        moved = true;
        still = 0;
        last = area.scrollTop;
      }
    }
    setTimeout(look, EVERY);
  };
  look();
}
"""


@st.cache_resource(show_spinner=False)
def _component() -> st.components.v2.types.ComponentRenderer:
    return st.components.v2.component("start-reading", html="<span></span>", js=_SCRIPT)


def start_reading(turn: str, *, fresh: bool) -> None:
    """Brings the last question to the top once, when `turn` was just answered as a whole."""
    _component()(data={"turn": turn, "fresh": fresh}, key="start-reading", width="content")
