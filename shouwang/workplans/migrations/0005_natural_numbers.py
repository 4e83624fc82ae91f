from typing import Any

from django.db import migrations, models

import shouwang.core.natural
from shouwang.core.natural import natural_key


def fill(apps: Any, schema_editor: Any) -> None:
    tasks = apps.get_model("workplans", "Task").objects
    batch = []
    for task in tasks.only("pk", "number").order_by().iterator(2000):
        task.number_key = natural_key(task.number)
        batch.append(task)
    tasks.bulk_update(batch, ["number_key"], batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("workplans", "0004_progress_to_check")]

    operations = [
        migrations.AddField(
            model_name="task",
            name="number_key",
            field=shouwang.core.natural.NaturalKeyField(
                blank=True, default="", editable=False, max_length=400, source="number",
                verbose_name="编号的次序",
            ),
        ),
        migrations.AlterModelOptions(
            name="task", options={"ordering": ["number_key", "pk"]}
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["number_key"], name="task_order"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]  # fmt: skip
