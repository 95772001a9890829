"""Names, phone numbers, e-mail addresses and identity cards in the one form they are compared in."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

from lattis_app.core.errors import Invalid

HOME_REGION = "MY"
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def normal_phone(value: str, field: str = "phone") -> str:
    """A phone number as E.164; numbers without a country are Malaysian. Raises Invalid."""
    try:
        number = phonenumbers.parse(value, HOME_REGION)
    except phonenumbers.NumberParseException as error:
        raise Invalid.field(field, "must be a phone number such as 012-3456789") from error
    if not phonenumbers.is_possible_number(number):
        raise Invalid.field(field, "must be a phone number such as 012-3456789")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def spaced_phone(value: str | None) -> str:
    """A stored phone number as people read it: `+60 12-345 6789`; what is none stays as it is."""
    try:
        number = phonenumbers.parse(value or "")
    except phonenumbers.NumberParseException:
        return value or ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def try_phone(value: str) -> str | None:
    """A phone number as E.164, or None where the text is not one."""
    try:
        return normal_phone(value)
    except Invalid:
        return None


def phone_start(value: str) -> str | None:
    """The beginning of a phone number as E.164, or None where the text can't be one: `012-34` is `+601234`."""
    digits = re.sub(r"[\s().-]", "", value)
    if not re.fullmatch(r"\+?\d{3,15}", digits):
        return None
    home = f"+{phonenumbers.country_code_for_region(HOME_REGION)}"
    if digits.startswith("+"):
        return digits
    is_whole = f"+{digits}".startswith(home)
    return f"+{digits}" if is_whole else home + digits.removeprefix("0")


def normal_email(value: str, field: str = "email") -> str:
    """An e-mail address in lower case, nothing in it invisible. Raises Invalid."""
    email = unicodedata.normalize("NFKC", value).strip().lower()
    if len(email) > 254 or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise Invalid.field(field, "must be an e-mail address")
    return email


def normal_name(value: str) -> str:
    """A person's name for comparison: case, accents' form and spacing do not matter."""
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def normal_ic(value: str, field: str = "ic_number") -> str:
    """An identity card or passport number: letters and digits only. Raises Invalid."""
    number = re.sub(r"[^0-9A-Za-z]", "", value).upper()
    if not 6 <= len(number) <= 20:
        raise Invalid.field(field, "must be an identity card number such as 920815-14-5678")
    return number
