"""Nothing of its own is kept here: the report is worked out from the findings."""
