"""A trigger of the database refuses to change a finding, whatever program asks."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER finding_stays BEFORE UPDATE ON review_finding
BEGIN SELECT RAISE(ABORT, 'a finding cannot be changed'); END;
"""
POSTGRESQL = """
CREATE FUNCTION finding_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE integrity_constraint_violation USING MESSAGE = 'a finding cannot be changed'; END $$;
CREATE TRIGGER finding_stays BEFORE UPDATE ON review_finding
FOR EACH ROW EXECUTE FUNCTION finding_stays();
"""


def make(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(SQLITE if is_sqlite else POSTGRESQL)


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS finding_stays")
    else:
        schema_editor.execute("DROP TRIGGER IF EXISTS finding_stays ON review_finding")
        schema_editor.execute("DROP FUNCTION IF EXISTS finding_stays()")


class Migration(migrations.Migration):
    dependencies = [("review", "0002_rounds_drafts_and_agreement")]

    operations = [migrations.RunPython(make, unmake, elidable=False)]
