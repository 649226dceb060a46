"""The way home: a checklist with owners and days, from the travel document to the first year."""
