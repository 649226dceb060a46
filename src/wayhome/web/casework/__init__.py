"""The daily work on a case: messages, notes, tasks, contacts, consent, calendar, intake, sharing."""
