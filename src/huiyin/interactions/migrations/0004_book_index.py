from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0003_own_letters")]

    operations = [
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(
                condition=models.Q(("is_history", False)),
                fields=["site", "recorded_at", "id"],
                name="interaction_in_book",
            ),
        ),
    ]
