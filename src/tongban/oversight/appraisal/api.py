"""The door of appraisal 好差评."""

from tongban.oversight.appraisal.contracts import (
    BAD_FROM,
    BAD_TAGS,
    GOOD_TAGS,
    Evaluated,
    EvaluationRefused,
    Figures,
    Level,
    Tag,
)
from tongban.oversight.appraisal.selectors import (
    code_fits,
    code_for,
    evaluated,
    evaluation_behind,
    evaluation_of,
    evaluations,
    figures,
)
from tongban.oversight.appraisal.services import evaluate, may_evaluate
from tongban.oversight.appraisal.tickets import figures as ticket_figures

__all__ = [
    "BAD_FROM",
    "BAD_TAGS",
    "GOOD_TAGS",
    "Evaluated",
    "EvaluationRefused",
    "Figures",
    "Level",
    "Tag",
    "code_fits",
    "code_for",
    "evaluate",
    "evaluated",
    "evaluation_behind",
    "evaluation_of",
    "evaluations",
    "figures",
    "may_evaluate",
    "ticket_figures",
]
