"""A small application that comes to its end."""

from tests.desks.cases.town import CITIZEN, approver, at, case, cases_by_matter, handler, restaurant
from tongban.desks.cases import api as cases
from tongban.desks.cases.api import MaterialGiven
from tongban.kernel import api as kernel
from tongban.kernel.files.services import store

SUBMITTED, DECIDED, LATER = at("2026-11-09 10:00"), at("2026-11-12 15:00"), at("2026-12-20 02:10")
SIGN, CITY_BUREAU = "0104100100", "cgj"
TEXT = "门头招牌长三米，高八十厘米。\n"


def an_application(*, text=TEXT, key="once"):
    """One matter with one handed-in file; gives the receipt."""
    file = store(content=text.encode(), name="sign.txt", at=SUBMITTED)
    paper = MaterialGiven(
        "sign-plan", "招牌效果图", "upload", (SIGN,), files=((file.digest, "效果图/门头.txt"),)
    )
    asked = restaurant(
        cases=(case(SIGN, CITY_BUREAU),), surveys=(), materials=(paper,), subject=SIGN, theme=""
    )
    return cases.submit(asked, actor=CITIZEN, at=SUBMITTED, key=key)


def reject(receipt):
    key = cases_by_matter(receipt.docket)[SIGN].id
    kernel.perform(key, "accept", actor=handler(CITY_BUREAU), at=SUBMITTED)
    said = {"opinion": "reject", "text": "超出门头"}
    kernel.perform(key, "propose", actor=handler(CITY_BUREAU), at=DECIDED, data=said)
    decided = {"reason": "招牌超出门头。", "law": "城市市容和环境卫生管理条例第十一条"}
    kernel.perform(key, "reject", actor=approver(CITY_BUREAU), at=DECIDED, data=decided)


def closed_application(**more):
    """A rejected application; gives its number."""
    receipt = an_application(**more)
    reject(receipt)
    return receipt.number
