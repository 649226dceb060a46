"""Who may sign in, for which organization, in which role; every query is scoped to one."""
