"""Who reads what matching found of everybody, who starts a run, and who may look at one party.

Figures are open to leaders, supervisors and those who write policies. Starting a run costs the machine seconds and changes
nothing of what is true: leaders and editors may. Looking at one party is :mod:`tongban.registers.portraits`' affair: a
purpose and a reason, in the ledger before anything is shown, and only of one's own division.
"""

from __future__ import annotations

from tongban.actors.api import Role

READERS = (Role.POLICY_EDITOR, Role.LEADER, Role.SUPERVISOR, Role.HEAD)
STARTERS = (Role.POLICY_EDITOR, Role.LEADER)
CHECKERS = (Role.POLICY_EDITOR, Role.HANDLER, Role.APPROVER, Role.HEAD)
