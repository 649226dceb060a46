"""ICE's lists of agencies with 287(g) agreements, and what became of them from list to list."""
