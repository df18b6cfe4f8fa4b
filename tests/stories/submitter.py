"""A program that submits a restaurant again and again and says the number of each once it is taken."""

import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402 - Django first

from tests.desks.cases.town import CITIZEN, IDENTITY, handler, restaurant  # noqa: E402
from tongban.desks.cases import api as cases  # noqa: E402
from tongban.desks.cases.contracts import MaterialGiven  # noqa: E402
from tongban.kernel import api as kernel  # noqa: E402

PAPERS = (
    MaterialGiven("id-card", "身份证", "known", ("0703100100",), evidence=IDENTITY),
    MaterialGiven("lease", "租赁合同", "later", ("0103100200",)),
)


def main(count: int, *, moves: bool) -> None:
    for index in range(count):
        receipt = cases.submit(
            restaurant(materials=PAPERS), actor=CITIZEN, at=timezone.now(), key=f"{index}-{timezone.now()}"
        )
        print(receipt.number, flush=True)
        if moves:
            case = kernel.docket(receipt.cases[0], actor=kernel.SYSTEM)
            kernel.perform(case.id, "accept", actor=handler("scjg"), at=timezone.now())


if __name__ == "__main__":
    main(int(sys.argv[1]), moves="moves" in sys.argv)
