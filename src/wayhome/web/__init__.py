"""The case-review application: a Django project, an app a folder. Django is imported here only."""
