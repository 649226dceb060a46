"""The ledger of public releases, and what changed from one release to the next."""
