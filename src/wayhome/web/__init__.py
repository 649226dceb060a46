"""The case-review application: a Django project, an app a folder. The only part that imports Django."""
