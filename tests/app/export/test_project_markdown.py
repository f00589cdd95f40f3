"""A project as the specification's template."""

from __future__ import annotations

from app.export.project_markdown import project_markdown
from app.history.projects import DELIVERABLES, DeliverableState, Project
from app.solve.brief import Brief


def test_the_template_is_filled_in_and_says_what_is_not_known() -> None:
    states = {name: DeliverableState() for name in DELIVERABLES}
    states["architecture"] = DeliverableState("done", "docs/a.md ![x](https://evil.example/p)")
    project = Project(
        "id",
        "Churn <b>",
        "2026-11-25",
        "2026-11-25",
        Brief(task="Score\ncustomers", problem="classification", compliance="GDPR"),
        states,
    )
    text = project_markdown(project, "en")
    assert text.startswith("# Churn &lt;b>\n\n## Task\n\nScore\ncustomers\n")
    assert "- **Type of ML problem:** classification\n- **Data volume:** –\n" in text
    assert "- **Compliance needs:** GDPR" in text
    assert "- [x] Architecture (done): docs/a.md x\n" in text
    assert text.count("- [ ] ") == 5
    assert "evil.example" not in text
    spanish = project_markdown(project, "es")
    assert "## Entregables" in spanish
    assert "- [ ] Pipeline de entrenamiento (sin empezar)" in spanish
