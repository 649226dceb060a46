"""The daily work: messages, notes, tasks, contacts, consent, calendar, intake, sharing."""
