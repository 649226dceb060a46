"""One registry of facilities across years and sources."""
