"""The rulebook over one case or over millions: one compiled graph, three readers that agree."""
