from django.db import migrations, models

from huiyin.journal.schema import keeping


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="DailyRoot",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("first_seq", models.BigIntegerField()),
                ("last_seq", models.BigIntegerField(help_text="one before first_seq on a day without entries")),
                ("previous_root", models.CharField(max_length=64)),
                ("root", models.CharField(max_length=64)),
                ("closed_at", models.DateTimeField()),
            ],
        ),
        migrations.RunPython(*keeping("journal_dailyroot")),
    ]
