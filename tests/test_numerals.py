"""Numbers in digits and in words come to the same form."""

from __future__ import annotations

import pytest

from index.numerals import numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4,3 milyon kişi", {"4300000"}),
        ("4.300.000 kişi", {"4300000"}),
        ("4.3 million people", {"4300000"}),
        ("12 bin tomar", {"12000"}),
        ("12,000 scrolls", {"12000"}),
        ("on iki yaşından küçükler", {"12"}),
        ("yirmi beşinci yıl", {"25"}),
        ("iki bin on dokuz", {"2019"}),
        ("bir milyonu aşan", {"1000000"}),
        ("twenty-five people", {"25"}),
        ("saat 08.30, yani 8:30", {"8.3"}),
        ("31.08.1991", {"31", "8", "1991"}),
        ("28 Mart 2026'da", {"28", "2026"}),
        ("yüzelli kişi, ikiyüz elli koltuk", {"150", "250"}),
        ("üyelerin dörtte biri", {"4"}),
        ("bin dokuz yüz seksende", {"1980"}),
        ("Onun bir kitabı, one of them", set()),
        ("5 m², ①, ፩", {"5"}),
    ],
)
def test_numbers_have_one_form(text: str, expected: set[str]) -> None:
    assert numbers(text) == expected
