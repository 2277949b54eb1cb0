from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("references", "0004_public_answers"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="reference",
            name="reference_kind_known",
        ),
        migrations.AlterField(
            model_name="reference",
            name="kind",
            field=models.CharField(
                choices=[
                    ("JL", "接触记录"),
                    ("SX", "事项"),
                    ("GG", "公告"),
                    ("BG", "报告"),
                    ("DJ", "办理登记"),
                    ("FK", "公开反馈"),
                    ("ML", "服务目录"),
                ],
                max_length=2,
            ),
        ),
        migrations.AddConstraint(
            model_name="reference",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["JL", "SX", "GG", "BG", "DJ", "FK", "ML"])),
                name="reference_kind_known",
            ),
        ),
    ]
