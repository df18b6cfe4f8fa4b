"""The door of heat: many people, one problem."""

from tongban.desks.hotline.heat.contracts import Group, HeatRefused, Level, Mark, Portrait, Subject
from tongban.desks.hotline.heat.counting import levels
from tongban.desks.hotline.heat.repeats import appeal, mark_of, propose, standing
from tongban.desks.hotline.heat.selectors import (
    group,
    group_of_affair,
    group_of_ticket,
    groups,
    portrait,
    repeated,
    subjects,
    ticket_ids,
    tickets,
)
from tongban.desks.hotline.heat.services import note, place_waiting

__all__ = [
    "Group",
    "HeatRefused",
    "Level",
    "Mark",
    "Portrait",
    "Subject",
    "appeal",
    "group",
    "group_of_affair",
    "group_of_ticket",
    "groups",
    "levels",
    "mark_of",
    "note",
    "place_waiting",
    "portrait",
    "propose",
    "repeated",
    "standing",
    "subjects",
    "ticket_ids",
    "tickets",
]
