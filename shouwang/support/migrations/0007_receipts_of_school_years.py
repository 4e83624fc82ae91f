"""Aid of students was added up over the rosters of one school year; it is to be made anew."""

from typing import Any

from django.db import migrations


def forget_batches(apps: Any, editor: Any) -> None:
    """Nothing is deleted: the receipts are told to be behind, and a clerk renews them."""
    apps.get_model("support", "ReceiptRefresh").objects.update(batches=[])


class Migration(migrations.Migration):
    dependencies = [("support", "0006_matching")]

    operations = [migrations.RunPython(forget_batches, migrations.RunPython.noop)]
