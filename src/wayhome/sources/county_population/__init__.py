"""How many people live in a county: the Census Bureau's estimates."""
