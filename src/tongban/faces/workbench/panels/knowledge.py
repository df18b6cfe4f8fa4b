"""The panel of a question to the knowledge base: what was asked, what is near, and where to write the answer."""

from __future__ import annotations

from tongban.faces.workbench.panels.base import Asked, Panel, register
from tongban.registers.knowledge import api as knowledge


@register("question")
def question_panels(asked: Asked) -> list[Panel]:
    """A question with entries near it, or the entry that is to be reviewed."""
    row = asked.row
    if row.subject != "ask":
        return [Panel("workbench/panels/review_entry.html", {"key": row.subject, "title": row.title})]
    found = knowledge.question(row.number)
    return [
        Panel(
            "workbench/panels/question.html",
            {"found": found, "near": knowledge.near(found.text, at=asked.at)},
        )
    ]
