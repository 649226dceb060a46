from django.db import migrations

from wayhome.web.audit.append_only import guard, unguard


def put_guards(apps, editor):
    guard(editor.connection)


def take_guards_away(apps, editor):
    unguard(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(put_guards, take_guards_away)]
