"""Run by the Python of `.venv-openfisca`: the rules as OpenFisca variables, timed.

    python openfisca_country.py RULES.json FACTS.npz ROUNDS

RULES.json gives each fact's type and each rule as a NumPy expression over `f`, the facts of the
population; FACTS.npz their values. Prints the seconds of each round and the number of cases of
which each rule is true.
"""

import json
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
from openfisca_core import entities, periods, simulations, taxbenefitsystems, variables

TYPES = {"bool": bool, "int": int, "date": "date", "word": int}
PERIOD = "2021-07-01"
Person = entities.build_entity(key="person", plural="persons", label="A case", is_person=True)


def input_variable(name, kind):
    value_type = date if kind == "date" else TYPES[kind]
    body = {
        "value_type": value_type,
        "entity": Person,
        "label": name,
        "definition_period": periods.DateUnit.ETERNITY,
    }
    return type(name, (variables.Variable,), body)


def rule_variable(name, expression):
    compiled = compile(expression, name, "eval")

    def formula(person, period):
        return eval(compiled, {"np": np, "f": lambda fact: person(fact, period)})

    body = {
        "value_type": bool,
        "entity": Person,
        "label": name,
        "definition_period": periods.DateUnit.ETERNITY,
        "formula": formula,
    }
    return type(name, (variables.Variable,), body)


def system_of(told):
    system = taxbenefitsystems.TaxBenefitSystem([Person])
    for name, kind in told["facts"].items():
        system.add_variable(input_variable(name, kind))
    for name, expression in told["rules"].items():
        system.add_variable(rule_variable(name, expression))
    return system


def fresh_simulation(system, facts):
    rows = len(next(iter(facts.values())))
    builder = simulations.SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("person", np.arange(rows))
    simulation = builder.build(system)
    for name, values in facts.items():
        simulation.set_input(name, periods.period("eternity"), values)
    return simulation


def main():
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    facts = dict(np.load(sys.argv[2]))
    system = system_of(told)
    seconds, counts = [], {}
    for _ in range(int(sys.argv[3])):
        begun = time.perf_counter()
        simulation = fresh_simulation(system, facts)
        for name in told["rules"]:
            counts[name] = int(np.count_nonzero(simulation.calculate(name, PERIOD)))
        seconds.append(time.perf_counter() - begun)
    print(json.dumps({"seconds": seconds, "counts": counts}))


main()
