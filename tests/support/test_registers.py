"""Registers and their workbooks: judged as of the day, paid once, all of a file or nothing."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.cases.models import Case
from shouwang.core import crypto
from shouwang.core.errors import Conflict, DomainError, NotFound
from shouwang.registry.models import Household, Member
from shouwang.support import operations
from shouwang.support.loans import in_timing, loan_timing
from shouwang.support.models import HouseRenovation, Loan, Pairing, Payment, StudentAid
from shouwang.support.operations.registers import monitored_on
from shouwang.support.operations.sheets import SHEETS
from shouwang.support.sheets import read
from tests.cases.conftest import START, Calendar, Cast, Maker
from tests.four_people import Places

pytestmark = pytest.mark.django_db


@pytest.fixture
def borrower(household: Household) -> Member:
    Household.objects.filter(pk=household.pk).update(household_type="脱贫户")
    found = household.members.order_by("pk").first()
    assert found is not None
    return Member.objects.select_related("household__village").get(pk=found.pk)


def lend(cast: Cast, borrower: Member, **changes: object) -> Loan:
    given = {
        "bank": "农商银行", "amount": Decimal(50_000), "months": 36, "granted_on": START,
        "rate": Decimal("0.0345"),
    }  # fmt: skip
    return operations.record_loan(cast.clerk, borrower, **(given | changes))  # type: ignore[arg-type]


def test_a_loan_keeps_how_its_conditions_stood_on_the_day(cast: Cast, borrower: Member) -> None:
    loan = lend(cast, borrower)
    assert (loan.verdict, loan.household_state, loan.due_on) == (
        "met", "脱贫户", date(2029, 4, 1),
    )  # fmt: skip
    over = lend(cast, borrower, bank="邮储银行", amount=Decimal(10_000))
    assert over.verdict == "not_met"  # 50,000 a household, with what is still owed


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": Decimal(0)}, "大于零"),
        ({"amount": Decimal(-1)}, "大于零"),
        ({"months": 0}, "期限"),
        ({"months": 999}, "期限"),
        ({"granted_on": START + timedelta(days=1)}, "不能晚于今天"),
        ({"balance": Decimal(60_000)}, "未还余额"),
        ({"rate": Decimal("3.45")}, "小数"),
        ({"due_on": START}, "到期日期"),
        ({"bank": " "}, "请填写银行"),
    ],
)
def test_a_loan_that_cannot_be_is_refused_in_words(
    cast: Cast, borrower: Member, changes: dict, words: str
) -> None:
    with pytest.raises(DomainError, match=words):
        lend(cast, borrower, **changes)
    assert not Loan.objects.exists()


def test_loans_are_warned_of_before_they_are_due_and_when_they_are_overdue(
    cast: Cast, borrower: Member, calendar: Calendar
) -> None:
    loan = lend(cast, borrower, months=12)
    words = []
    for day in (START, date(2027, 1, 5), date(2027, 4, 2)):
        calendar.set(day)
        words.append(loan_timing(loan, day))
        key = ["running", "due", "overdue"][len(words) - 1]
        assert list(Loan.objects.filter(in_timing(key, day))) == [loan]
    assert [tone for tone, _ in words] == ["going", "near", "late"]
    operations.update_loan(cast.clerk, loan, balance=Decimal(0), on=date(2027, 4, 2), version=1)
    loan.refresh_from_db()
    assert loan.state == "repaid" and loan_timing(loan, date(2028, 1, 1))[0] == "done"
    with pytest.raises(Conflict):
        operations.update_loan(cast.clerk, loan, balance=Decimal(1), on=START, version=1)


def test_whether_a_household_was_monitored_is_asked_for_the_day(
    household: Household, monitored: Callable[..., Case]
) -> None:
    assert monitored_on(household, START) is False
    monitored(household, resolved_on=START + timedelta(days=100), is_open=False, state="resolved")
    days = (START - timedelta(days=1), START, START + timedelta(days=100))
    assert [monitored_on(household, day) for day in days] == [False, True, False]


def test_a_student_has_the_aid_of_a_term_once(cast: Cast, borrower: Member) -> None:
    given = {"programme": "rain_plan", "year": 2025, "term": 1, "amount": Decimal(1500)}
    operations.record_student_aid(cast.clerk, borrower, **given)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        operations.record_student_aid(cast.clerk, borrower, **given)  # type: ignore[arg-type]
    for changes in ({"programme": "x"}, {"student_class": "x"}, {"term": 3}, {"year": 1990}):
        with pytest.raises(DomainError):
            operations.record_student_aid(cast.clerk, borrower, **(given | changes))  # type: ignore[arg-type]
    assert StudentAid.objects.count() == 1


def test_a_house_is_not_paid_for_twice_without_a_reason(cast: Cast, household: Household) -> None:
    given = {
        "grade": "D", "method": "rebuild", "programme_year": 2026, "amount": Decimal(28_000),
    }  # fmt: skip
    with pytest.raises(DomainError, match="灾后重建资金 5,000 元"):
        operations.record_renovation(cast.clerk, household, disaster_amount=Decimal(5000), **given)  # type: ignore[arg-type]
    operations.record_renovation(
        cast.clerk, household, disaster_amount=Decimal(5000), doubled_answer="用于院墙", **given
    )  # type: ignore[arg-type]
    again = given | {"programme_year": 2025}
    with pytest.raises(DomainError, match="2026 年已享受"):
        operations.record_renovation(cast.clerk, household, **again)  # type: ignore[arg-type]
    operations.record_renovation(cast.clerk, household, is_again=True, **again)  # type: ignore[arg-type]
    assert [one.doubled for one in HouseRenovation.objects.order_by("pk")] == [
        "同时有灾后重建资金 5,000 元", "",
    ]  # fmt: skip
    with pytest.raises(DomainError, match="日期次序"):
        operations.record_renovation(
            cast.clerk, household, started_on=START, finished_on=START - timedelta(days=1),
            is_again=True, **(given | {"programme_year": 2024}),
        )  # type: ignore[arg-type]  # fmt: skip


def workbook(folder: Path, *rows: list, name: str = "名单.xlsx") -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path = folder / name
    book.save(path)
    return path


PAIRING_HEAD = ["户编号", "户主姓名", "帮扶责任人", "单位", "联系电话", "结对日期"]


def test_pairings_come_in_by_workbook_and_twice_changes_nothing(
    cast: Cast, household: Household, tmp_path: Path
) -> None:
    path = workbook(
        tmp_path, ["结对花名册"], PAIRING_HEAD,
        [household.household_no, household.head_name, "张三", "=1+1", "13800138000",
         "2026年3月1日"],
    )  # fmt: skip
    done = operations.import_sheet(cast.clerk, "pairings", path, name="名单.xlsx")
    assert (done.added, done.unchanged, done.faults) == (1, 0, [])
    assert operations.import_sheet(cast.clerk, "pairings", path, name="名单.xlsx").unchanged == 1
    made = Pairing.objects.get()
    assert made.valid_from == date(2026, 3, 1) and made.source_name == "名单.xlsx"


def test_one_wrong_row_and_nothing_is_taken(
    cast: Cast, household: Household, maker: Maker, places: Places, tmp_path: Path
) -> None:
    other = maker(places.neighbour_village)
    path = workbook(
        tmp_path, PAIRING_HEAD,
        [household.household_no, household.head_name, "张三", "", "", ""],
        [household.household_no, "别人", "张三", "", "", ""],
        [other.household_no, "", "张三", "", "", ""],
        ["H9999", "", "", "", "", "2026-13-45"],
    )  # fmt: skip
    done = operations.import_sheet(cast.clerk, "pairings", path, name="名单.xlsx")
    assert done.added == 0 and not Pairing.objects.exists()
    assert [(fault.row, fault.column) for fault in done.faults] == [
        (3, "户主姓名"), (4, "户编号"), (5, "联系人"), (5, "结对日期"),
    ]  # fmt: skip


def test_a_person_is_found_by_number_and_the_number_is_kept_nowhere(
    cast: Cast, borrower: Member, tmp_path: Path
) -> None:
    number = "999901198005010018"
    Member.objects.filter(pk=borrower.pk).update(id_hash=crypto.provider().digest(number))
    path = workbook(
        tmp_path, ["借款人", "身份证号", "贷款银行", "贷款金额", "贷款期限", "放款日期", "年利率"],
        [borrower.name, number, "农商银行", "30,000", "36个月", "2026-03-01", "3.45%"],
    )  # fmt: skip
    done = operations.import_sheet(cast.clerk, "loans", path, name="贷款.xlsx")
    assert done.faults == []
    loan = Loan.objects.get()
    assert (loan.amount, loan.rate, loan.months, loan.file_row) == (
        Decimal(30_000), Decimal("0.0345"), 36, 2,
    )  # fmt: skip
    kept = [str(value) for value in Loan.objects.values().get().values()]
    assert not [value for value in kept if number in value]


def test_payments_find_their_measure(
    cast: Cast, household: Household, case: Case, agriculture: object, tmp_path: Path
) -> None:
    measure = operations.plan_measure(
        cast.clerk, household, item="industry.courtyard", risk="income"
    )
    head = household.members.order_by("pk").first()
    assert head is not None
    rows = [
        ["户编号", "姓名", "项目", "金额", "发放日期"],
        [household.household_no, head.name, "庭院经济", 1200.5, "2026-03-31"],
    ]
    path = workbook(tmp_path, *rows)
    done = operations.import_sheet(cast.officer, "payments", path, name="发放.xlsx")
    assert "先交办" in done.faults[0].message
    measure = operations.take_measure_step(cast.clerk, measure, "assign", version=1)
    operations.take_measure_step(agriculture, measure, "accept", version=2)  # type: ignore[arg-type]
    for _ in range(2):
        done = operations.import_sheet(cast.officer, "payments", path, name="发放.xlsx")
    assert (done.added, done.unchanged) == (0, 1)
    assert Payment.objects.get().amount == Decimal("1200.50")


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 broken", b"\xff\xfe\x00\x01" * 40, b"a,b\n1,2"]
)
def test_a_file_that_is_no_table_is_refused_in_words(
    cast: Cast, tmp_path: Path, content: bytes
) -> None:
    for name in ("x.xlsx", "x.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(DomainError):
            operations.import_sheet(cast.clerk, "pairings", path, name=name)


CELLS = st.one_of(
    st.none(), st.text(max_size=12), st.integers(-(10**9), 10**9), st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False), st.dates(),
    st.sampled_from(["=1+1", "2026-02-30", "一万", "1e400", "NaN", "0.001", "３００", "是"]),
)  # fmt: skip


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.sampled_from(sorted(SHEETS)), st.lists(st.lists(CELLS, max_size=14), min_size=1, max_size=4)
)
def test_no_cell_breaks_the_reading(tmp_path: Path, kind: str, rows: list) -> None:
    sheet = SHEETS[kind]
    path = tmp_path / "any.xlsx"
    book = openpyxl.Workbook()
    book.active.append(sheet.heads)
    for row in rows:
        book.active.append(
            ["".join(mark for mark in cell if mark.isprintable()) if isinstance(cell, str) else cell
             for cell in row]
        )  # fmt: skip
    stream = io.BytesIO()
    book.save(stream)
    path.write_bytes(stream.getvalue())
    try:
        found = read(path, "any.xlsx", sheet)
    except DomainError:
        return
    for line in found.lines:
        values = line.values
        assert all(values[one.key] not in (None, "") for one in sheet.columns if one.required)
        assert all(
            abs(value) < Decimal(10) ** 9 for value in values.values() if isinstance(value, Decimal)
        )


def test_the_neighbour_of_another_county_imports_nothing(
    cast: Cast, household: Household, tmp_path: Path
) -> None:
    path = workbook(tmp_path, PAIRING_HEAD, [household.household_no, "", "张三", "", "", ""])
    with pytest.raises(DomainError):
        operations.import_sheet(cast.village, "pairings", path, name="名单.xlsx")
    assert not Pairing.objects.exists()
    assert NotFound.status == 404
