"""Personal data is masked on pages and never reaches logs, error pages or reports."""

import logging

import pytest
from django.http import HttpRequest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.core.masking import mask_account, mask_id, mask_phone, mask_text
from shouwang.core.privacy import PersonalDataFilter, PrivateReporterFilter

ID = "999901199003071234"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("99990119900307123X", "999901***********X"),
        ("999901900307123", "999901********3"),
        ("9999", "****"),
        ("9.99901E+17", "9*********7"),
        ("", ""),
        (None, ""),
    ],
)
def test_an_id_number_shows_region_and_last_character(value, shown: str) -> None:
    assert mask_id(value) == shown


def test_birth_date_and_sequence_do_not_show() -> None:
    assert "19900307" not in mask_id(ID)
    assert "123" not in mask_id(ID)


def test_a_phone_shows_its_two_ends() -> None:
    assert mask_phone("13812345678") == "138****5678"


def test_an_account_shows_the_last_four() -> None:
    assert mask_account("6222021234567890123") == "***************0123"


@given(st.text(max_size=30))
def test_a_mask_never_shows_more_than_seven_characters(value: str) -> None:
    assert len(mask_id(value).replace("*", "")) <= max(7, value.count("*"))


@pytest.mark.parametrize(
    "text",
    [f"证件{ID}重复", f"id={ID}", "999901900307123", "电话13812345678", "卡6222021234567890123",
     "９９９９０１１９９００３０７１２３４", "+86 138 1234 5678", "138-1234-5678"],
)  # fmt: skip
def test_free_text_loses_what_looks_like_personal_data(text: str) -> None:
    masked = mask_text(text)
    assert "*" in masked
    assert ID[6:17] not in masked
    assert "1234567" not in masked.replace("-", "").replace(" ", "")


@pytest.mark.parametrize("text", ["2026-06-30", "900060001630 户", "12345.67 元", "第 12 行"])
def test_free_text_keeps_dates_numbers_and_household_numbers(text: str) -> None:
    assert mask_text(text) == text


def _record(message: str, *args: object, exc_info=None) -> logging.LogRecord:
    return logging.LogRecord("x", logging.ERROR, "f", 1, message, args, exc_info)


def test_a_log_line_loses_personal_data_in_message_and_arguments() -> None:
    record = _record("row %s of %s", ID, "13812345678")
    PersonalDataFilter().filter(record)
    assert ID not in record.getMessage()
    assert "13812345678" not in record.getMessage()


def test_a_traceback_in_the_log_loses_personal_data() -> None:
    try:
        raise ValueError(f"bad number {ID}")
    except ValueError as error:
        record = _record("failed", exc_info=(type(error), error, error.__traceback__))
    PersonalDataFilter().filter(record)
    assert ID not in logging.Formatter().format(record)


def test_the_log_of_the_program_has_the_filter(settings) -> None:
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["personal_data"]


def test_an_error_report_has_neither_values_nor_what_was_typed() -> None:
    request = HttpRequest()
    request.method = "POST"
    request.POST = request.POST.copy()
    request.POST["id_no"] = ID
    report = PrivateReporterFilter()
    assert ID not in str(report.get_post_parameters(request))
    frame = __import__("sys")._getframe()
    assert ID not in str(report.get_traceback_frame_variables(request, frame))
