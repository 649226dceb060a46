"""What drafts about one agreement rest on: its own clause on ending, and the law of its state."""
