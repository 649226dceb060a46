"""Personal data at rest: a key for each case, wrapped by its organization's, wrapped by the master.

    master key (a file or the environment; several while it is being changed)
      └─ organization key (keyring database)
           ├─ case key (keyring database) ── every personal field and file of the case
           └─ index key (derived) ───────── search for a name or number without storing either

Destroying a case's key makes its fields, its files and every backup of them unreadable: backups
hold data and no keys. Nothing but this folder touches a key.
"""
