"""What a party's own registration and account say, by key of the data element."""

from __future__ import annotations

from tongban.actors import api as actors
from tongban.desks.themes.contracts import Wording
from tongban.desks.themes.filling import ACCOUNT, Known

POLICE = Wording("公安户籍登记", "police register")
MARKET = Wording("市场主体登记", "business register")
SELF = ("person", "guardian", "buyer", "contact", "legal_rep")
"""Subjects of the form that are, unless told otherwise, the person who applies."""


def facts_of(facts: actors.PartyFacts, *, acting: str) -> dict[str, Known]:
    """What is known of a party without asking anybody.

    :param acting: id of the person at the screen (the contact of an organisation)
    :raises actors.NotKnownError: nobody has the id of `acting`
    """
    if facts.kind == "person":
        return {key: known for key, known in _of_person(facts).items() if known.value}
    found = _of_organisation(facts)
    if acting.startswith("person:"):
        person = actors.party_facts(acting)
        found |= {
            "contact.name": Known(person.name, POLICE),
            "contact.id": Known(person.number, POLICE),
            "contact.phone": Known(person.phone, ACCOUNT),
        }
    return {key: known for key, known in found.items() if known.value}


def _of_person(facts: actors.PartyFacts) -> dict[str, Known]:
    found = {
        "person.birth_date": Known(
            facts.birth_date.isoformat() if facts.birth_date else "", POLICE, fixed=True
        ),
        "person.gender": Known(facts.gender, POLICE, fixed=True),
        "person.nation": Known(facts.nation, POLICE, fixed=True),
        "person.household_address": Known(facts.address, POLICE, fixed=True),
    }
    for subject in SELF:
        fixed = subject == "person"
        found[f"{subject}.name"] = Known(facts.name, POLICE, fixed=fixed)
        found[f"{subject}.id"] = Known(facts.number, POLICE, fixed=fixed)
        found[f"{subject}.phone"] = Known(facts.phone, ACCOUNT)
        found[f"{subject}.address"] = Known(facts.address, POLICE)
    return found


def _of_organisation(facts: actors.PartyFacts) -> dict[str, Known]:
    found = {
        "legal_rep.name": Known(facts.representative, MARKET),
        "legal_rep.id": Known(facts.representative_number, MARKET),
        "legal_rep.phone": Known(facts.representative_phone, MARKET),
        "buyer.name": Known(facts.name, MARKET),
        "buyer.id": Known(facts.number, MARKET),
        "buyer.phone": Known(facts.phone, MARKET),
        "business.capital": Known(facts.capital_fen, MARKET),
        "company.phone": Known(facts.phone, MARKET),
        "company.address": Known(facts.address, MARKET),
    }
    for subject in ("company", "business"):
        found[f"{subject}.name"] = Known(facts.name, MARKET, fixed=True)
        found[f"{subject}.uscc"] = Known(facts.number, MARKET, fixed=True)
        found[f"{subject}.type"] = Known(facts.type, MARKET)
    return found
