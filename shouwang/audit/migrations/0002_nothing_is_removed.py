"""The database itself refuses to remove what stands in the log, not only to change it."""

from django.db import migrations

from shouwang.audit import protection


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunPython(protection.install_for_removal, protection.remove_for_removal),
    ]
