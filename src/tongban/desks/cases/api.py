"""The door of the cases desk."""

from tongban.desks.cases.contracts import (
    CaseAsked,
    DeliveryWay,
    MaterialGiven,
    Submission,
    SubmissionRefused,
    Submitted,
    SurveyAsked,
)
from tongban.desks.cases.drafts import drop_draft, save_draft
from tongban.desks.cases.selectors import (
    application_of,
    case_of,
    cases_of,
    draft,
    drafts_of,
    form_of,
    materials_of,
    open_breaches,
    survey_of,
    surveys_of,
    undertaking_of,
    undertakings_of,
)
from tongban.desks.cases.submitting import submit

__all__ = [
    "CaseAsked",
    "DeliveryWay",
    "MaterialGiven",
    "Submission",
    "SubmissionRefused",
    "Submitted",
    "SurveyAsked",
    "application_of",
    "case_of",
    "cases_of",
    "draft",
    "drafts_of",
    "drop_draft",
    "form_of",
    "materials_of",
    "open_breaches",
    "save_draft",
    "submit",
    "survey_of",
    "surveys_of",
    "undertaking_of",
    "undertakings_of",
]
