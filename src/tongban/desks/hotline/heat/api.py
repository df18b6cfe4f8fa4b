"""The door of heat: many people, one problem."""

from tongban.desks.hotline.heat.contracts import Group, HeatRefused, Level, Portrait, Subject
from tongban.desks.hotline.heat.repeats import propose, standing
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
from tongban.desks.hotline.heat.services import levels, note

__all__ = [
    "Group",
    "HeatRefused",
    "Level",
    "Portrait",
    "Subject",
    "group",
    "group_of_affair",
    "group_of_ticket",
    "groups",
    "levels",
    "note",
    "portrait",
    "propose",
    "repeated",
    "standing",
    "subjects",
    "ticket_ids",
    "tickets",
]
