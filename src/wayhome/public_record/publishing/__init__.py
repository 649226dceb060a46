"""From folders that `wayhome import` wrote to the folder of the public record."""
