from django.db import migrations, models

from huiyin.organization.schema import add_stamp


class Migration(migrations.Migration):
    dependencies = [("organization", "0004_stamp")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="generation",
            field=models.PositiveIntegerField(default=1, help_text="raised to end every session of the person"),
        ),
        migrations.RunPython(
            add_stamp, migrations.RunPython.noop
        ),  # SQLite rebuilds the table and forgets its triggers
    ]
