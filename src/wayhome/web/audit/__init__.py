"""The log of who did and who read what: only ever added to, each entry chained to the last."""
