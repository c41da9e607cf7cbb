"""How long the law wants issued documents kept, in whole years after the year they were issued in.

The longest that tax and company law of the place ask of an ordinary seller; a business with a dispute or an audit open
keeps more. Sources: KE Tax Procedures Act 2015 s. 23 (5 years); NG Companies and Allied Matters Act 2020 s. 375 and tax
practice (6); MK Law on Value Added Tax art. 53 and Law on Trade Companies (10); ZW Income Tax Act s. 37B, VAT Act s. 57
(6); TZ Tax Administration Act 2015 s. 35 (5); UG Tax Procedures Code Act 2014 s. 15 (5); GH Revenue Administration Act
2016 s. 27 (6); RW Law on tax procedures 2023 (10); ZA Tax Administration Act 2011 s. 29 (5). Ask an accountant of the
place before you rely on it.
"""

from __future__ import annotations

from datetime import date

KEEP_YEARS = {
    "KE": 5,
    "NG": 6,
    "MK": 10,
    "ZW": 6,
    "TZ": 5,
    "UG": 5,
    "GH": 6,
    "RW": 10,
    "ZA": 5,
}
LONGEST = max(KEEP_YEARS.values())


def kept_until(country: str, issued_on: date) -> date:
    """The last day on which the law may still ask for a document."""
    return date(issued_on.year + KEEP_YEARS.get(country, LONGEST), 12, 31)


def expired_before(country: str, today: date) -> date:
    """Documents issued before this day need not be kept any more."""
    return date(today.year - KEEP_YEARS.get(country, LONGEST), 1, 1)
