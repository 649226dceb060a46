"""Which organizations the portal offers to whoever asks for help."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_shared_counts")]
    operations = [
        migrations.AddField(
            model_name="organization",
            name="takes_applications",
            field=models.BooleanField(default=True),
        ),
    ]
