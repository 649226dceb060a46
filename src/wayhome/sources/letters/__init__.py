"""The two letters: what they ask, who signed, and lists of signatories pasted from anywhere."""
