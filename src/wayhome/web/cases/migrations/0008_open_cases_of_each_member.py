from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_possible_conflicts"),
        ("accounts", "0004_who_takes_applications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="case", name="cases_case_organiz_e78f57_idx"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["organization", "assigned_to", "state", "is_emergency", "state_since"],
                condition=models.Q(("erased_at", None)),
                name="by_member",
            ),
        ),
    ]
