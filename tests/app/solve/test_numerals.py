"""Numbers as both languages write them."""

from __future__ import annotations

import pytest

from app.solve.numerals import format_number, magnitude, read_number
from ingest.schema import Language


@pytest.mark.parametrize(
    ("token", "language", "value"),
    [
        ("5,000", "en", 5000),
        ("5.000", "es", 5000),
        ("5.000", "en", 5000),
        ("5,000", "es", 5000),
        ("1.5", "en", 1.5),
        ("1,5", "es", 1.5),
        ("1.5", "es", 1.5),
        ("1,5", "en", 1.5),
        ("1.234.567", "es", 1234567),
        ("1,234,567", "en", 1234567),
        ("1.234,5", "es", 1234.5),
        ("1,234.5", "en", 1234.5),
        ("1,234.5", "es", 1234.5),
        ("0.125", "es", 0.125),
        ("0,125", "en", 0.125),
        ("5 000", "es", 5000),
        ("12\u202f345", "es", 12345),
        ("42", "en", 42),
    ],
)
def test_numbers_are_read(token: str, language: Language, value: float) -> None:
    assert read_number(token, language) == value


@pytest.mark.parametrize(
    ("token", "language"),
    [("1.234", "en"), ("1,234", "es"), ("1.2.3", "en"), ("1,23,4", "es"), ("2024.05.01", "en")],
)
def test_numbers_with_two_readings_are_left_alone(token: str, language: Language) -> None:
    assert read_number(token, language) is None


def test_a_percentage_has_a_decimal_point() -> None:
    assert read_number("99.999", "es", decimal=True) == 99.999
    assert read_number("99,999", "en", decimal=True) == 99.999


@pytest.mark.parametrize(
    ("word", "factor"),
    [
        (None, 1), ("k", 1e3), ("K", 1e3), ("mil", 1e3), ("M", 1e6), ("millones", 1e6),
        ("millón", 1e6), ("million", 1e6), ("mil  millones", 1e9), ("billion", 1e9), ("bn", 1e9),
    ],
)  # fmt: skip
def test_multipliers(word: str | None, factor: float) -> None:
    assert magnitude(word) == factor


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [
        (1234.5, "1,234.5", "1.234,5"),
        (1234567, "1,234,567", "1.234.567"),
        (0.02, "0.02", "0,02"),
        (99.95, "99.95", "99,95"),
        (138.888888, "138.889", "138,889"),
        (0.00012345678, "0.000123457", "0,000123457"),
        (0, "0", "0"),
        (100.0, "100", "100"),
    ],
)
def test_numbers_are_written(value: float, english: str, spanish: str) -> None:
    assert format_number(value, "en") == english
    assert format_number(value, "es") == spanish


def test_digits_never_cut_whole_numbers() -> None:
    assert format_number(25551, "en", 4) == "25,551"
    assert format_number(66.8725, "en", 4) == "66.87"
    assert format_number(12345.6, "es", 4) == "12.346"
