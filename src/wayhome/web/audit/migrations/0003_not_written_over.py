from django.db import migrations

from wayhome.web.audit.append_only import guard


def put_guards(apps, editor):
    # PostgreSQL has no statement that takes a row out unseen: nothing is new there.
    if editor.connection.vendor == "sqlite":
        guard(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_only_added_to")]
    operations = [migrations.RunPython(put_guards, migrations.RunPython.noop)]
