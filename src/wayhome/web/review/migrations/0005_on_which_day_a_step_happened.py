"""Of steps that stand already the day stays empty: nobody wrote it down."""

from django.db import migrations, models

import wayhome.web.protection.fields


class Migration(migrations.Migration):
    dependencies = [("review", "0004_filings_to_whom_and_what")]

    operations = [
        migrations.AddField(
            model_name="statechange",
            name="happened_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="statechange",
            name="said",
            field=wayhome.web.protection.fields.SealedField(blank=True, default=bytes),
        ),
    ]
