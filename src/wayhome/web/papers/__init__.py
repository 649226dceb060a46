"""Drafts of papers for a case: made from its facts on a day, kept sealed, never filed by itself."""
