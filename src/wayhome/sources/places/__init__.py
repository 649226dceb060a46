"""Where a ZIP code is, and how far two places are apart."""
