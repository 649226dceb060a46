"""What a change does: between two rulebooks, to whom, and what each demanded change would reach."""
