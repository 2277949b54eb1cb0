"""Names of people known already are found by every reading of their signs."""

from typing import Any

from django.db import migrations

from huiyin.kit.chinese import spelled


def read_again(apps: Any, editor: Any) -> None:
    """In slices; whoever is run again changes nothing."""
    customer = apps.get_model("customers", "Customer")
    for one in customer.objects.exclude(name="").only("pk", "name", "pinyin", "initials").iterator(chunk_size=500):
        pinyin, initials = spelled(one.name)
        if (pinyin[:200], initials[:80]) != (one.pinyin, one.initials):
            customer.objects.filter(pk=one.pk).update(pinyin=pinyin[:200], initials=initials[:80])


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_consent")]

    operations = [migrations.RunPython(read_again, migrations.RunPython.noop)]
