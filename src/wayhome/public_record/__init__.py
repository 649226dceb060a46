"""The public record: what everyone may see, as one folder of small tables, every number with its
source."""
