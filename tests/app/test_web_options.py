"""The page looks the same and is as guarded however it is started."""

from __future__ import annotations

import json
import tomllib

import pytest
from tests_paths import ROOT

from app.web_options import STREAMLIT_OPTIONS

OWN = {"server.address", "server.port"}


def flat(table: dict[str, object], prefix: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in table.items():
        key = f"{prefix}{name}"
        found |= flat(value, f"{key}.") if isinstance(value, dict) else {key: value}
    return found


def test_the_file_says_what_the_command_passes() -> None:
    text = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    written = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in flat(tomllib.loads(text)).items()
    }
    assert {key: value for key, value in written.items() if key not in OWN} == STREAMLIT_OPTIONS
    assert written["server.address"] == "127.0.0.1"


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("ink", ["textColor", "primaryColor", "linkColor"])
@pytest.mark.parametrize(
    "paper", ["backgroundColor", "secondaryBackgroundColor", "sidebar.backgroundColor"]
)
def test_every_ink_is_readable_on_every_paper(mode: str, ink: str, paper: str) -> None:
    """Contrast of at least 4.5, as WCAG 2.2 AA asks of text."""
    one = luminance(STREAMLIT_OPTIONS[f"theme.{mode}.{ink}"])
    two = luminance(STREAMLIT_OPTIONS[f"theme.{mode}.{paper}"])
    assert (max(one, two) + 0.05) / (min(one, two) + 0.05) >= 4.5
