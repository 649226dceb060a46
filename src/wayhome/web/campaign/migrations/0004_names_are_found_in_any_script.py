from django.db import migrations

from wayhome.sources.letters.one_line import signatory_of
from wayhome.sources.letters.same_organization import organization_key


def find_names_anew(apps, schema_editor):
    """Names with a possessive, or in other letters than Latin, are found by other keys now."""
    rows = apps.get_model("campaign", "Signature")._base_manager
    for one in rows.only("pk", "name", "name_key").iterator():
        if one.name.isascii() and "'" not in one.name:
            continue
        one.name_key = organization_key(signatory_of(1, one.name).name)[:200]
        one.save(update_fields=["name_key"])


class Migration(migrations.Migration):
    dependencies = [
        ("campaign", "0003_what_organizers_changed_or_took_back"),
    ]

    operations = [migrations.RunPython(find_names_anew, migrations.RunPython.noop)]
