"""What became of each demand, by rule and from the record alone."""
