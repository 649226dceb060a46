"""Documents of a case: what is taken, how it is made safe, held apart, and handed out again."""
