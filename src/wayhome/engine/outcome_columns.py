"""How the outcomes of programs are called where every rule has a column of its own.

A rule's column has the rule's id, which holds a dot; so none of these can be a rule's.
"""


def outcome_column(program: str) -> str:
    """The column that holds a program's outcome under the law."""
    return f"outcome_{program}"


def demand_column(program: str) -> str:
    """The column that holds the outcome of the letters' demands alone."""
    return f"demand_outcome_{program}"
