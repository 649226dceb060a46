"""Wayhome: dated, cited law over one person's facts or over a national court docket."""

__version__ = "0.1.0"
