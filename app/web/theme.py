"""What the theme's settings cannot say: a few lines of style of our own, and the mark."""

from __future__ import annotations

import streamlit as st

# A mark of our own for the browser's tab: nothing is fetched for it.
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="8" fill="#0c6b5e"/>'
    '<path d="M8 22V10l8 8 8-8v12" fill="none" stroke="#fdfcf9" stroke-width="3.2" '
    'stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
_STYLE = """
[data-testid="stSidebarHeader"]::before {
  content: "ML Engineer Expert"; font-family: "Source Serif", serif; font-weight: 600;
  font-size: 1.15rem; padding-left: 0.5rem; white-space: nowrap;
}
[data-testid="stMainBlockContainer"] { padding-top: 4.5rem; padding-bottom: 5rem; }
[data-testid="stMarkdownContainer"] p, [data-testid="stMarkdownContainer"] li { line-height: 1.6; }
[data-testid="stCaptionContainer"] p { line-height: 1.5; }
[data-testid="stMainBlockContainer"] table { font-size: 0.92rem; }
[data-testid="stMainBlockContainer"] [data-testid="stPageLink-NavLink"] {
  background: transparent; padding: 0.1rem 0; border-radius: 0.25rem;
}
[data-testid="stMainBlockContainer"] [data-testid="stPageLink-NavLink"] p {
  white-space: normal; overflow: visible; color: inherit; text-decoration: underline;
  text-decoration-thickness: 1px; text-underline-offset: 0.2em;
}
[data-testid="stMainBlockContainer"] button[kind="tertiary"] {
  padding: 0.1rem 0; min-height: 0; text-align: left; justify-content: flex-start;
}
[data-testid="stMainBlockContainer"] button[kind="tertiary"] p {
  font-size: 1rem; text-decoration: underline; text-decoration-thickness: 1px;
  text-underline-offset: 0.2em;
}
[data-testid="stMainBlockContainer"] pre, [data-testid="stMainBlockContainer"] pre code {
  white-space: pre-wrap !important; overflow-wrap: anywhere;
}
[data-testid="stSidebarNavItems"] > li:nth-child(2n+3) { margin-top: 0.9rem; }
@media (max-width: 480px) {
  [data-testid="stMainBlockContainer"] { padding-left: 1rem; padding-right: 1rem; }
}
@media (prefers-reduced-motion: reduce) {
  * { animation-duration: 0.01ms !important; transition-duration: 0.01ms !important; }
}
"""


def show_theme() -> None:
    """Adds our style to the page; content never reaches it."""
    st.html(f"<style>{_STYLE}</style>")
