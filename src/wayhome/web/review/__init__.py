"""The accountability mechanism: two reviewers, blind to each other, a third where they differ."""
