"""Cases: people, what is known about them and who said so, and the work on them."""
