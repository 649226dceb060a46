"""Letters that organizations sign, the demands in them, and what became of each."""
