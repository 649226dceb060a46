"""Stories at the legal edge: what a rule must answer, told by whoever writes it, and tried."""
