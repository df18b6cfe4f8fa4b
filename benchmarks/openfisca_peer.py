"""The peer of the policies benchmark: the same conditions as variables of OpenFisca. Runs in its own environment:

    python openfisca_peer.py FOLDER

FOLDER holds columns.npz (a number or a yes per company; texts as numbers) and measures.json (conditions in JSONLogic,
texts replaced by their numbers). Says how long the conditions took once the columns were set, and the totals.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from openfisca_core import entities, periods, simulation_builder, taxbenefitsystems, variables

PERIOD = "2026"
TODAY = np.datetime64("2026-11-22")
COMPARE = {
    "==": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip


def evaluate(rule, company, period):
    if not isinstance(rule, dict):
        return rule
    [(name, arguments)] = rule.items()
    if name == "var":
        return company(arguments, period)
    if name == "in" and isinstance(arguments[1], list):
        needle = evaluate(arguments[0], company, period)
        return np.logical_or.reduce([needle == option for option in arguments[1]])
    return apply(name, [evaluate(argument, company, period) for argument in arguments])


def apply(name, values):
    if name in COMPARE:
        return COMPARE[name](values[0], values[1])
    if name == "and":
        return np.logical_and.reduce(np.broadcast_arrays(*values))
    if name == "or":
        return np.logical_or.reduce(np.broadcast_arrays(*values))
    if name == "!":
        return np.logical_not(values[0])
    if name in {"+", "*"}:
        total = values[0]
        for value in values[1:]:
            total = total + value if name == "+" else total * value
        return total
    if name == "divide":
        quotient = values[0] / np.where(values[1] == 0, np.inf, values[1])
        return np.floor(quotient) if values[2] == "down" else np.round(quotient, values[3])
    first, last = (np.asarray(value, dtype=np.int64).astype("M8[D]") for value in values)
    if name == "days_between":
        return (last - first).astype(int)
    months = last.astype("M8[M]").astype(int) - first.astype("M8[M]").astype(int)
    day = [(date - date.astype("M8[M]").astype("M8[D]")).astype(int) for date in (first, last)]
    return (months - (day[1] < day[0])) // 12


def formula(rule):
    return lambda company, period: evaluate(rule, company, period)


def main(folder):
    columns = dict(np.load(folder / "columns.npz"))
    measures = json.loads((folder / "measures.json").read_text(encoding="utf-8"))
    company = entities.SingleEntity("company", "companies", "a company", "")
    system = taxbenefitsystems.TaxBenefitSystem([company])

    def declare(name, kind, formula=None):
        members = {
            "value_type": kind,
            "entity": company,
            "definition_period": periods.DateUnit.YEAR,
            "label": name,
        }
        if formula is not None:
            members["formula"] = formula
        system.add_variable(type(name, (variables.Variable,), members))

    for name, values in columns.items():
        declare(name, bool if values.dtype == bool else float if values.dtype.kind == "f" else int)
    for key, rule in measures:
        declare(key, bool, formula(rule))
    size = len(next(iter(columns.values())))
    simulation = simulation_builder.SimulationBuilder().build_default_simulation(system, count=size)
    for name, values in columns.items():
        simulation.set_input(name, PERIOD, values)
    began = time.process_time()
    totals = [int(simulation.calculate(key, PERIOD).sum()) for key, _rule in measures]
    print(json.dumps({"seconds": time.process_time() - began, "entitled": sum(totals)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
