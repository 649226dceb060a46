"""When each place of detention can be emptied: a plan worked out by a solver, and its limits."""
