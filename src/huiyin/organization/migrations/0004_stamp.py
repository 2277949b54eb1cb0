from django.db import migrations, models

from huiyin.organization.schema import add_stamp, drop_stamp


class Migration(migrations.Migration):
    dependencies = [("organization", "0003_terms_and_circumstances")]

    operations = [
        migrations.CreateModel(
            name="Stamp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.CharField(max_length=36)),
            ],
        ),
        migrations.RunPython(add_stamp, drop_stamp),
    ]
