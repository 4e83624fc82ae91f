"""脱敏: how ID numbers, phones and accounts look where nobody asked to see them in full.

With region, birth date and sex known from the same page, an ID number hides only three sequence
digits and the check digit; so the mask keeps the region and the check digit and nothing else.
"""

import re

STAR = "*"
# not inside a longer word or number; full-width digits count, since people paste them
_LONG_NUMBER = re.compile(
    r"(?<![0-9A-Za-z０-９])[0-9０-９]{14,18}[0-9０-９XxＸｘ](?![0-9A-Za-z０-９])"
)
_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])")


def mask_id(value: str | None) -> str:
    """证件号码: region and last character of 18 or 15 digits; of anything else the two ends."""
    text = (value or "").strip()
    if len(text) in (15, 18):
        return text[:6] + STAR * (len(text) - 7) + text[-1]
    return _ends(text)


def mask_phone(value: str | None) -> str:
    """电话: the first three and the last four of a mobile number."""
    text = (value or "").strip()
    if len(text) == 11:
        return text[:3] + STAR * 4 + text[-4:]
    return _ends(text)


def mask_account(value: str | None) -> str:
    """银行账号: the last four."""
    text = (value or "").strip()
    if len(text) <= 8:
        return STAR * len(text)
    return STAR * (len(text) - 4) + text[-4:]


def mask_text(text: str) -> str:
    """Free text with everything that looks like an ID number, a bank account or a phone masked."""
    text = _LONG_NUMBER.sub(lambda found: mask_account(found.group()), text)
    return _PHONE.sub(lambda found: mask_phone(re.sub(r"\D", "", found.group())[-11:]), text)


def _ends(text: str) -> str:
    if len(text) <= 4:
        return STAR * len(text)
    return text[0] + STAR * (len(text) - 2) + text[-1]
