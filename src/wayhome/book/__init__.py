"""The book: the rulebook as a static site that a lawyer can check and a newcomer can learn from."""
