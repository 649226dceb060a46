"""Side-by-side measurements of Wayhome and of what else could do the same job: `make bench`."""
