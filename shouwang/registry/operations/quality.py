"""质量检查 (quality): run the checks of the rulebook on the present snapshot, keep the findings."""

import csv
from pathlib import Path

from django.db import transaction

from shouwang.audit.operations import record
from shouwang.core import clock
from shouwang.core.actor import Actor, require
from shouwang.core.bulk import copy_rows
from shouwang.core.errors import DomainError
from shouwang.engine.rulebook import Rulebook
from shouwang.registry import snapshots
from shouwang.registry.models import QualityFinding, RegistrySnapshot


def run_quality(actor: Actor) -> RegistrySnapshot:
    """检查数据质量 on command; the findings of the last run are replaced as a whole."""
    require(actor, "registry.import")
    snapshot = snapshots.current()
    if snapshot is None:
        raise DomainError("还没有档案，请先导入全国系统导出的工作簿。")
    check_snapshot(actor, snapshot)
    return snapshot


def check_snapshot(actor: Actor, snapshot: RegistrySnapshot) -> None:
    """Run all checks on a snapshot; the caller has the right to."""
    from shouwang.engine import run_quality_checks

    rulebook = Rulebook.load()
    found = run_quality_checks(rulebook, snapshot.path, snapshot.export_date)
    columns = ("check_id", "household_id", "person_id")
    rows = zip(*(found[name].to_pylist() for name in columns), strict=True)
    with transaction.atomic():
        QualityFinding.objects.all().delete()
        fields = ("snapshot_id", "check_id", "household_id", "member_id")
        count = copy_rows(QualityFinding, fields, ((snapshot.pk, *row) for row in rows))
        RegistrySnapshot.objects.filter(pk=snapshot.pk).update(
            checked_at=clock.now(), rulebook_version=rulebook.version
        )
        record(
            actor,
            "registry.checked",
            target_type="registry_snapshot",
            target_id=str(snapshot.pk),
            summary=f"{snapshot} 质量检查，发现问题 {count} 条",
        )


def export_quality(actor: Actor, path: Path) -> int:
    """Write check_id, household_no, person_no (empty for a household) as CSV; returns the lines."""
    require(actor, "quality.view")
    findings = (
        QualityFinding.objects.visible_to(actor)
        .order_by("check_id", "household__household_no", "member__person_no")
        .values_list("check_id", "household__household_no", "member__person_no")
    )
    count = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["check_id", "household_no", "person_no"])
        for check_id, household_no, person_no in findings.iterator(chunk_size=10_000):
            writer.writerow([check_id, household_no, person_no or ""])
            count += 1
    return count
