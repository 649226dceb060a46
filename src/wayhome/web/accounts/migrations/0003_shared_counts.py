"""The table of the cache in which guesses are counted."""

from django.core.management import call_command
from django.db import migrations


def make(apps, editor):
    call_command("createcachetable", database=editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_invitations_and_sign_ins")]
    operations = [
        migrations.RunPython(make, migrations.RunPython.noop),
    ]
