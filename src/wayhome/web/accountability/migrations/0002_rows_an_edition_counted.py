"""An edition counts the rows that none before it has counted."""

from django.db import migrations, models


def begin_editions(apps, schema_editor):
    """What was published is the first edition.

    Which rows it counted is not known: all that are there are taken as counted, so that none is
    counted twice. Older publications held the same cases again; they could be subtracted.
    """
    publications = apps.get_model("accountability", "Publication")._base_manager
    rows = apps.get_model("accountability", "FindingRow")._base_manager
    for organization in set(publications.values_list("organization_id", flat=True)):
        own = publications.filter(organization_id=organization)
        newest = own.order_by("-pk").values_list("pk", flat=True)[0]
        own.exclude(pk=newest).delete()
        rows.filter(organization_id=organization).update(edition=1)


class Migration(migrations.Migration):
    dependencies = [("accountability", "0001_finding_rows_and_publications")]

    operations = [
        migrations.AddField(
            model_name="findingrow",
            name="edition",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.RunPython(begin_editions, migrations.RunPython.noop),
    ]
