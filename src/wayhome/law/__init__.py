"""The law as data: the facts vocabulary, the rule language, dated tables, three-valued logic."""
