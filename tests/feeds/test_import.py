"""A department's file becomes a batch that is all there or not there."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.utils import timezone

from shouwang.audit.models import AuditEntry
from shouwang.core.actor import Actor
from shouwang.core.clock import now
from shouwang.core.errors import Conflict, DomainError
from shouwang.feeds import storage
from shouwang.feeds.models import BatchState, FeedBatch, FeedFile, LinkRevision
from shouwang.feeds.operations import import_batch, receive_file, relink_all, withdraw_batch
from shouwang.feeds.operations.receiving import shown_name
from shouwang.feeds.operations.sweeping import sweep
from shouwang.feeds.queries import effective_batches
from shouwang.screening.operations import freezing
from tests.four_people import Places

from .conftest import LI, OUTSIDER, ZHANG
from .world import MAY, gb18030, make_registry, relief, xlsx

Take = Callable[..., FeedBatch]


def test_a_file_becomes_an_accepted_batch_with_its_counts(
    registry: Any, take: Take, may_file: Path
) -> None:
    batch = take(may_file)
    assert batch.state == BatchState.ACCEPTED
    assert (batch.row_count, batch.rejected_count, batch.linked_count) == (3, 1, 2)
    assert batch.counts["reasons"] == {"bad_amount": 1}
    assert batch.counts["methods"] == {"id": 2, "none": 1}
    assert batch.counts["unlinked"] == {"outside": 1}
    assert batch.department == "民政局"
    assert batch.registry_key == registry.key


def test_the_rows_lie_where_the_batch_says_and_hold_no_number(
    registry: Any, take: Take, may_file: Path
) -> None:
    batch = take(may_file)
    rows = pq.read_table(storage.data_dir() / batch.directory / "rows.parquet")
    assert "id_no" not in rows.column_names
    assert ZHANG not in str(rows.to_pydict())


def test_the_original_is_kept_and_unreadable_without_the_key(
    registry: Any, take: Take, may_file: Path
) -> None:
    batch = take(may_file)
    kept = storage.original_path(batch.sha256).read_bytes()
    assert "张三".encode("gb18030") not in kept
    with storage.opened_original(batch.sha256) as clear:
        assert clear.read_bytes() == may_file.read_bytes()
    assert not clear.exists()


def test_the_head_is_reported_as_it_was_read(take: Take, tmp_path: Path) -> None:
    head = ("人员姓名", "身份证号", "发放时间", "发放金额", "经办人")
    batch = take(gb18030(tmp_path, "a.csv", [relief("张三", ZHANG)], head))
    read = {one["key"]: one["caption"] for one in batch.mapping["columns"]}
    assert read == {
        "name": "人员姓名", "id_no": "身份证号", "relief_date": "发放时间", "amount": "发放金额",
    }  # fmt: skip
    assert batch.mapping["unknown"] == ["经办人"]


def test_a_file_with_a_head_only_is_data(take: Take, tmp_path: Path) -> None:
    batch = take(gb18030(tmp_path, "空月.csv", []))
    assert batch.state == BatchState.ACCEPTED
    assert batch.row_count == 0
    assert len(effective_batches()) == 1


def test_the_same_file_again_is_recorded_and_changes_nothing(take: Take, may_file: Path) -> None:
    first = take(may_file)
    again = take(may_file, received_at=date(2026, 6, 6), file_name="重复发送.csv", version=2)
    first.refresh_from_db()
    assert (again.state, again.reason) == (BatchState.REJECTED, "duplicate_file")
    assert first.file_name in again.message
    assert first.state == BatchState.ACCEPTED
    assert [one.key for one in effective_batches()] == [str(first.uuid)]


def test_the_same_delivery_twice_is_one_batch(take: Take, may_file: Path) -> None:
    first = take(may_file, received_at=date(2026, 6, 4))
    again = take(may_file, received_at=date(2026, 6, 4))
    assert again.pk == first.pk
    assert FeedBatch.objects.count() == FeedFile.objects.count() == 1


def test_a_broken_file_sent_twice_is_broken_twice_not_a_duplicate(
    take: Take, tmp_path: Path
) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing in it")
    first = take(path, received_at=date(2026, 6, 1))
    again = take(path, received_at=date(2026, 6, 2))
    assert [first.reason, again.reason] == ["file_corrupt", "file_corrupt"]


def test_copies_received_before_the_first_was_read_follow_its_fate(
    system: Actor, tmp_path: Path
) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing in it")
    said = {"feed": "temp_relief", "period_start": MAY[0], "period_end": MAY[1]}
    first = receive_file(system, path, received_at=date(2026, 6, 1), **said)
    copy = receive_file(system, path, received_at=date(2026, 6, 2), **said)
    assert copy.reason == "duplicate_file"
    import_batch(system, first)
    copy.refresh_from_db()
    assert copy.reason == "file_corrupt"


def test_an_empty_file_is_no_data(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "空.csv"
    path.write_bytes(b"")
    for day in (1, 2):
        batch = take(path, received_at=date(2026, 6, day))
        assert (batch.state, batch.reason) == (BatchState.REJECTED, "file_empty")
    assert effective_batches() == []


def test_a_correction_replaces_the_old_version_which_stays(
    take: Take, may_file: Path, tmp_path: Path
) -> None:
    first = take(may_file)
    second = take(gb18030(tmp_path, "更正.csv", [relief("李四", LI)]), version=2)
    first.refresh_from_db()
    assert (first.state, second.state) == (BatchState.SUPERSEDED, BatchState.ACCEPTED)
    assert [one.key for one in effective_batches()] == [str(second.uuid)]
    assert (storage.data_dir() / first.directory / "rows.parquet").exists()


def test_an_older_version_that_comes_late_does_not_count(
    take: Take, may_file: Path, tmp_path: Path
) -> None:
    newer = take(gb18030(tmp_path, "更正.csv", [relief("李四", LI)]), version=2)
    older = take(may_file, version=1)
    assert older.state == BatchState.SUPERSEDED
    assert [one.key for one in effective_batches()] == [str(newer.uuid)]


def test_a_taken_version_with_other_content_is_refused_with_the_next_one(
    take: Take, may_file: Path, tmp_path: Path
) -> None:
    take(may_file)
    with pytest.raises(Conflict, match="版本改为2"):
        take(gb18030(tmp_path, "另一份.csv", [relief("李四", LI)]))
    assert FeedBatch.objects.count() == 1


def test_periods_that_differ_stand_beside_each_other(take: Take, may_file: Path) -> None:
    take(may_file)
    take(may_file, period_start=date(2026, 1, 1))
    assert len(effective_batches()) == 2


def test_a_withdrawn_batch_gives_way_to_the_version_before(
    system: Actor, take: Take, may_file: Path, tmp_path: Path
) -> None:
    first = take(may_file)
    second = take(gb18030(tmp_path, "更正.csv", [relief("李四", LI)]), version=2)
    withdraw_batch(system, second, reason="报错了月份")
    first.refresh_from_db()
    assert (first.state, second.state) == (BatchState.ACCEPTED, BatchState.WITHDRAWN)
    assert second.withdrawn_reason == "报错了月份"


def test_a_withdrawn_file_can_be_sent_again(system: Actor, take: Take, may_file: Path) -> None:
    withdraw_batch(system, take(may_file, received_at=date(2026, 6, 4)), reason="撤错")
    assert take(may_file, received_at=date(2026, 6, 4)).state == BatchState.ACCEPTED


def test_a_withdrawal_needs_a_reason(system: Actor, take: Take, may_file: Path) -> None:
    with pytest.raises(DomainError, match="撤回理由"):
        withdraw_batch(system, take(may_file), reason=" ")


def test_what_was_withdrawn_cannot_be_withdrawn(system: Actor, take: Take, may_file: Path) -> None:
    batch = take(may_file)
    withdraw_batch(system, batch, reason="撤错")
    with pytest.raises(Conflict):
        withdraw_batch(system, batch, reason="再撤")


def test_every_write_is_in_the_log_without_numbers_of_people(
    system: Actor, take: Take, may_file: Path
) -> None:
    take(may_file, file_name=f"救助{ZHANG}.csv")
    told = " ".join(AuditEntry.objects.values_list("summary", flat=True))
    assert "采用3行" in told
    assert ZHANG not in told


def test_a_new_registry_links_every_kept_batch_again(
    system: Actor, places: Places, registry: Any, take: Take, may_file: Path, tmp_path: Path
) -> None:
    first = take(may_file)
    second = take(gb18030(tmp_path, "更正.csv", [relief("王五", OUTSIDER)]), version=2)
    people = [("张三", ZHANG, "900000000001"), ("王五", OUTSIDER, "900000000003")]
    newer = make_registry(places, people, number=2)
    assert relink_all(system, newer) == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.linked_count, second.linked_count) == (2, 1)
    assert {first.registry_key, second.registry_key} == {newer.key}
    assert relink_all(system, newer) == 0


def test_links_to_an_older_registry_stay_while_a_screening_may_read_them(
    system: Actor, places: Places, registry: Any, take: Take, may_file: Path
) -> None:
    before = _relinked(system, places, take(may_file))
    sweep(idle=timedelta(0))
    linked = pq.read_table(before / "rows.parquet", columns=["method"]).column("method")
    assert linked.to_pylist().count("id") == 2
    assert effective_batches()[0].path != before


def test_links_to_an_older_registry_go_in_the_end_and_a_run_keeps_what_it_saw(
    system: Actor, places: Places, registry: Any, take: Take, may_file: Path, tmp_path: Path
) -> None:
    batch = take(may_file)
    frozen = tmp_path / "runs" / "rows.parquet"
    freezing.link(storage.data_dir() / batch.directory / "rows.parquet", frozen)
    before = _relinked(system, places, batch)
    LinkRevision.objects.update(made_at=now() - timedelta(days=2))
    assert sweep(idle=timedelta(0)).folders == 1
    assert not before.exists()
    assert (effective_batches()[0].path / "rows.parquet").exists()
    assert pq.read_table(frozen, columns=["method"]).column("method").to_pylist().count("id") == 2
    assert LinkRevision.objects.filter(batch=batch).count() == 2, "how it was linked stays known"


def _relinked(system: Actor, places: Places, batch: FeedBatch) -> Path:
    """Link a batch to a registry of other people; where its first links lie."""
    before = storage.data_dir() / batch.directory
    newer = make_registry(places, [("王五", OUTSIDER, "900000000003")], number=2)
    relink_all(system, newer)
    return before


def test_a_relinking_that_breaks_off_changes_no_batch(
    system: Actor, places: Places, registry: Any, take: Take, may_file: Path, tmp_path: Path
) -> None:
    take(may_file)
    take(gb18030(tmp_path, "更正.csv", [relief("王五", OUTSIDER)]), version=2)
    newer = make_registry(places, [("王五", OUTSIDER, "900000000003")], number=2)

    def stop(done: int, total: int, text: str) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        relink_all(system, newer, progress=stop)
    assert set(FeedBatch.objects.values_list("registry_key", flat=True)) == {registry.key}
    assert LinkRevision.objects.count() == 2


def test_a_registry_that_changed_meanwhile_is_linked_before_the_import_returns(
    system: Actor, places: Places, registry: Any, take: Take, may_file: Path
) -> None:
    def change(done: int, total: int, text: str) -> None:
        if done == total:
            make_registry(places, [("王五", OUTSIDER, "900000000003")], number=2)

    said = {"feed": "temp_relief", "period_start": MAY[0], "period_end": MAY[1]}
    batch = receive_file(system, may_file, **said)
    done = import_batch(system, batch, progress=change)
    assert done.registry_key == "000002"
    assert done.linked_count == 1


def test_an_import_that_fails_can_be_started_again(
    system: Actor, may_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"feed": "temp_relief", "period_start": MAY[0], "period_end": MAY[1]}
    batch = receive_file(system, may_file, **said)
    with monkeypatch.context() as broken:
        broken.setattr("shouwang.feeds.preparing.prepare_batch", _fail)
        with pytest.raises(OSError, match="disk full"):
            import_batch(system, batch)
    batch.refresh_from_db()
    assert batch.state == BatchState.RECEIVED
    assert list((storage.data_dir() / "tmp").glob("feeds-*")) == []
    assert import_batch(system, batch).state == BatchState.ACCEPTED


def _fail(*args: Any, **kwargs: Any) -> None:
    raise OSError("disk full")


def test_two_imports_of_one_batch_make_one(system: Actor, may_file: Path) -> None:
    said = {"feed": "temp_relief", "period_start": MAY[0], "period_end": MAY[1]}
    batch = receive_file(system, may_file, **said)

    def other(done: int, total: int, text: str) -> None:
        if done == total and FeedBatch.objects.filter(state=BatchState.IMPORTING).exists():
            import_batch(system, FeedBatch.objects.get(pk=batch.pk))

    with pytest.raises(Conflict, match="另一处"):
        import_batch(system, batch, progress=other)
    assert FeedBatch.objects.get().state == BatchState.ACCEPTED
    assert LinkRevision.objects.count() == 1
    assert len(list((storage.data_dir() / "feeds").glob("*/*/*"))) == 1


def test_what_a_person_typed_is_never_a_path() -> None:
    assert shown_name("../../etc/passwd\x00\u202e.xlsx") == "../../etc/passwd.xlsx"
    assert shown_name("\x01\x02") == "未命名文件"
    assert len(shown_name("长" * 3000)) == 1000


def test_dates_and_versions_that_cannot_be_are_refused(system: Actor, may_file: Path) -> None:
    with pytest.raises(DomainError, match="期间起"):
        receive_file(system, may_file, feed="temp_relief", period_start=MAY[1], period_end=MAY[0])
    with pytest.raises(DomainError, match="版本"):
        receive_file(
            system, may_file, feed="temp_relief", period_start=MAY[0], period_end=MAY[1], version=0
        )
    with pytest.raises(DomainError, match="没有这种"):
        receive_file(system, may_file, feed="nothing", period_start=MAY[0], period_end=MAY[1])


def test_an_instant_without_zone_is_local_time(system: Actor, may_file: Path) -> None:
    said = {"feed": "temp_relief", "period_start": MAY[0], "period_end": MAY[1]}
    batch = receive_file(system, may_file, received_at=datetime(2026, 6, 4, 9), **said)  # noqa: DTZ001
    assert timezone.localtime(batch.received_at).hour == 9


def test_a_workbook_gives_the_same_rows_as_a_text_file(
    registry: Any, take: Take, tmp_path: Path
) -> None:
    rows = [relief("张三", ZHANG), relief("李四", LI)]
    one = take(xlsx(tmp_path, "a.xlsx", rows))
    other = take(gb18030(tmp_path, "a.csv", rows), period_start=date(2026, 4, 1))
    assert one.counts == other.counts
