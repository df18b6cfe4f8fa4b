"""A company says that a fact of its portrait is wrong; the bureau that keeps it has not decided yet."""

from __future__ import annotations

from datetime import datetime


def arranged(at: datetime) -> dict[str, str]:
    """Number of the correction."""
    from tongban.actors import api as actors
    from tongban.kernel.files.services import store
    from tongban.registers.portraits import corrections
    from tongban.registers.portraits.corrections import Asking

    paper = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
    proof = (store(content=paper, name="参保缴费单.pdf", at=at), "参保缴费单.pdf")
    asking = Asking("organisation:2", "social.insured", "61", "十一月参保缴费单上是61人")
    company = actors.actor_of_organisation(organisation_id=2, at=at)
    return {"correction": corrections.ask(asking, files=[proof], actor=company, at=at).number}
