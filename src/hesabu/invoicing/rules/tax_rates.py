"""Tax rates as dated data: a row says which rate a code had in a country, from which day, by which law, and where that
was looked up.

A row is never changed when the law does: the next one is added below it. Days before 2015 are not kept, save for Kenya's:
2015-01-01 stands for "was in force before". What is not certain, or what depends on something that an invoice cannot
know, is left out and named in LEFT_OUT, never guessed. `uncl5305` is the category code of electronic invoices
(UN/CEFACT 5305, EN 16931), `filing_code` the letter under which the country's revenue authority knows the rate (for Kenya
the tax types of eTIMS, for North Macedonia the groups of e-Faktura), empty where none was looked up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

STANDARD, ZERO, EXEMPT, NONE = "standard", "zero", "exempt", "none"
REDUCED, HOSPITALITY, REVERSE = "reduced", "hospitality", "reverse"


@dataclass(frozen=True, slots=True)
class Levy:
    """One of several taxes that are charged together. With `is_on_the_others` its base is the price and the levies before
    it (a tax on taxes), else the price alone."""

    code: str
    label: str
    rate_bps: int
    is_on_the_others: bool = False


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A rate in force from `since_on`, in basis points (16 % is 1600).

    Where several taxes are charged together, `levies` has them in the order they are reckoned, and `rate_bps` is what they
    come to, rounded to a whole basis point: a figure to show, not one to reckon with.
    """

    country: str
    code: str
    label: str
    rate_bps: int
    since_on: date
    law: str
    uncl5305: str
    filing_code: str = ""
    source: str = ""
    levies: tuple[Levy, ...] = ()


NO_TAX = TaxRate("", NONE, "", 0, date.min, "", "O", "D")
"""What a line carries where no tax is charged at all."""

_BEFORE = date(2015, 1, 1)


def _plain(
    country: str,
    law: str,
    source: str,
    *,
    since_on: date = _BEFORE,
    filing: tuple[str, str] = ("", ""),
    notes: tuple[str, str] = ("", ""),
) -> tuple[TaxRate, TaxRate]:
    """The two rows that every country has: what is taxed at nothing, and what is not taxed."""
    zero, exempt = (f"{law}, {note}" if note else law for note in notes)
    return (
        TaxRate(country, ZERO, "VAT 0%", 0, since_on, zero, "Z", filing[0], source),
        TaxRate(country, EXEMPT, "Exempt", 0, since_on, exempt, "E", filing[1], source),
    )


# Kenya

_KE = "Value Added Tax Act, 2013 (No. 35 of 2013)"
_KE_BEGAN = date(2013, 9, 2)
_KE_SOURCE = "https://new.kenyalaw.org/akn/ke/act/2013/35"

KENYA = (
    TaxRate(
        "KE", STANDARD, "VAT 16%", 1600, _KE_BEGAN, f"{_KE}, section 5(2)(b)", "S", "B", _KE_SOURCE
    ),
    TaxRate(
        "KE",
        STANDARD,
        "VAT 14%",
        1400,
        date(2020, 4, 1),
        "Value Added Tax (Amendment of the Rate of Tax) Order, 2020 (Legal Notice No. 35 of 2020)",
        "S",
        "B",
        _KE_SOURCE,
    ),
    TaxRate(
        "KE",
        STANDARD,
        "VAT 16%",
        1600,
        date(2021, 1, 1),
        "Legal Notice No. 206 of 2020 and Tax Laws (Amendment) (No. 2) Act, 2020: back to section 5(2)(b)",
        "S",
        "B",
        _KE_SOURCE,
    ),
    *_plain(
        "KE",
        _KE,
        _KE_SOURCE,
        since_on=_KE_BEGAN,
        filing=("C", "A"),
        notes=("section 7 and Second Schedule", "First Schedule"),
    ),
)

# Nigeria

_NG = "Value Added Tax Act, Cap. V1 LFN 2004"
_NG_NOW = "Nigeria Tax Act, 2025"
_NG_SOURCE = "https://resourcehub.bakermckenzie.com/en/resources/vatgst-rates--thresholds/emea-noneu/nigeria/topics/vat--gst"
_NG_2026 = date(2026, 1, 1)

NIGERIA = (
    TaxRate("NG", STANDARD, "VAT 5%", 500, _BEFORE, f"{_NG}, section 4", "S", "", _NG_SOURCE),
    TaxRate(
        "NG",
        STANDARD,
        "VAT 7.5%",
        750,
        date(2020, 2, 1),
        f"Finance Act, 2019, amending section 4 of the {_NG}",
        "S",
        "",
        "https://www.avalara.com/vatlive/en/country-guides/africa-and-middle-east/nigeria/nigerian-vat-rates-and-vat-compliance.html",
    ),
    TaxRate(
        "NG", STANDARD, "VAT 7.5%", 750, _NG_2026, f"{_NG_NOW}, section 148", "S", "", _NG_SOURCE
    ),
    *_plain("NG", f"{_NG}, First Schedule", _NG_SOURCE),
    *_plain("NG", _NG_NOW, _NG_SOURCE, since_on=_NG_2026),
)

# North Macedonia

_MK = "Закон за данокот на додадена вредност (Сл. весник 44/99 …)"
_MK_SOURCE = "https://www.mondaq.com/sales-taxes-vat-gst/1050820/north-macedonia-introduces-a-new-vat-rate-hospitality-and-catering-sectors-affected"

NORTH_MACEDONIA = (
    TaxRate("MK", STANDARD, "VAT 18%", 1800, _BEFORE, f"{_MK}, член 28", "S", "DDV-A", _MK_SOURCE),
    TaxRate("MK", REDUCED, "VAT 5%", 500, _BEFORE, f"{_MK}, член 30", "S", "DDV-B", _MK_SOURCE),
    TaxRate(
        "MK",
        HOSPITALITY,
        "VAT 10%",
        1000,
        date(2021, 1, 1),
        f"{_MK}, член 30-а: храна и пијалак на лице место и кетеринг, без алкохол",
        "S",
        "DDV-V",
        _MK_SOURCE,
    ),
    *_plain(
        "MK",
        _MK,
        "https://www.akt.mk (консолидиран текст)",
        filing=("DDV-7-I", "DDV-9"),
        notes=("член 24", "член 23"),
    ),
    TaxRate(
        "MK",
        REVERSE,
        "Reverse charge",
        0,
        date(2014, 3, 5),
        f"{_MK}, член 32-а",
        "AE",
        "DDV-11",
        "https://internationaltaxreview.com/article/2a6985h3sa5p25z5b20w0/fyr-macedonia-fyr-macedonia-introduces-reverse-charge-mechanism-for-select-categories-of-services",
    ),
)

# Zimbabwe

_ZW = "Value Added Tax Act [Chapter 23:12], section 6"

ZIMBABWE = (
    TaxRate(
        "ZW",
        STANDARD,
        "VAT 15%",
        1500,
        _BEFORE,
        _ZW,
        "S",
        "",
        "https://pdfslide.net/documents/zimbabwe-pkf-assurance-audit-tax-advisory-and-place-of-effective-management.html",
    ),
    TaxRate(
        "ZW",
        STANDARD,
        "VAT 14.5%",
        1450,
        date(2020, 1, 1),
        f"{_ZW}, as amended for 2020",
        "S",
        "",
        "https://www.vatupdate.com/2023/05/02/vat-increase-from-14-5-to-15-in-zimbabwes-2023-budget-impact-on-consumers-and-suppliers",
    ),
    TaxRate(
        "ZW",
        STANDARD,
        "VAT 15%",
        1500,
        date(2023, 1, 1),
        f"{_ZW}, as amended for 2023",
        "S",
        "",
        "https://bullszimbabwe.com/zimra-directs-businesses-to-levy-new-vat-rates",
    ),
    TaxRate(
        "ZW",
        STANDARD,
        "VAT 15.5%",
        1550,
        date(2026, 1, 1),
        f"{_ZW}, as amended by the Finance Act, 2025 (No. 7 of 2025)",
        "S",
        "",
        "https://www.vatupdate.com/2026/01/31/vat-rate-change-and-impact-on-tarms-return-submission",
    ),
    *_plain(
        "ZW",
        "Value Added Tax Act [Chapter 23:12]",
        "https://vatupdate.com/2021/10/06/vat-rates-in-zimbabwe",
        notes=("section 10", "section 11"),
    ),
)

# Tanzania (mainland)

_TZ = "Value Added Tax Act, 2014 (No. 5 of 2014, Cap. 148)"
_TZ_BEGAN = date(2015, 7, 1)
_TZ_SOURCE = "https://regfollower.com/?p=72128"

TANZANIA = (
    TaxRate(
        "TZ",
        STANDARD,
        "VAT 18%",
        1800,
        _BEFORE,
        "Value Added Tax Act, 1997 (Cap. 148), section 8",
        "S",
        "",
        "https://ja.scribd.com/document/94786063/VAT-Act-1997-Amended-as-at-Finance-Act-2009",
    ),
    TaxRate("TZ", STANDARD, "VAT 18%", 1800, _TZ_BEGAN, f"{_TZ}, section 5", "S", "", _TZ_SOURCE),
    *_plain("TZ", _TZ, _TZ_SOURCE, since_on=_TZ_BEGAN),
)

# Uganda

_UG = "Value Added Tax Act, Cap. 349 (Cap. 344 in the 2023 edition)"
_UG_SOURCE = "https://ulii.org/akn/ug/act/statute/1996/8"

UGANDA = (
    TaxRate("UG", STANDARD, "VAT 18%", 1800, _BEFORE, _UG, "S", "", _UG_SOURCE),
    *_plain("UG", _UG, _UG_SOURCE, notes=("Third Schedule", "Second Schedule")),
)

# Ghana: several taxes at once, so the parts are what is reckoned

_GH_SOURCE = "https://www.pwc.co.za/en/publications/vat-in-africa/ghana-overview.html"
_GH_2026_SOURCE = "https://www.ghanaweb.com/GhanaHomePage/business/VAT-cut-to-20-COVID-Levy-gone-as-as-new-tax-act-takes-effect-January-2026-2015889"
_NHIL = Levy("nhil", "NHIL 2.5%", 250)
_GETFUND = Levy("getfund", "GETFund 2.5%", 250)
_COVID = Levy("covid", "COVID-19 HRL 1%", 100)

GHANA = (
    TaxRate(
        "GH",
        STANDARD,
        "NHIL and VAT 17.5%",
        1750,
        _BEFORE,
        "Value Added Tax Act, 2013 (Act 870), section 3 (15 %, of which 2.5 % for GETFund), and National Health Insurance"
        " Act, 2012 (Act 852), section 47: both on the price",
        "S",
        "",
        _GH_SOURCE,
        (_NHIL, Levy("vat", "VAT 15%", 1500)),
    ),
    TaxRate(
        "GH",
        STANDARD,
        "NHIL, GETFund and VAT 18.13%",
        1813,
        date(2018, 8, 1),
        "Value Added Tax (Amendment) Act, 2018 (Act 970), with the NHIL and the GETFund levy as straight levies: VAT of"
        " 12.5 % on the price and the levies, together 18.125 %",
        "S",
        "",
        "https://globaltaxnews.ey.com/news/2018-5950-ghana-enacts-various-tax-amendments",
        (_NHIL, _GETFUND, Levy("vat", "VAT 12.5%", 1250, is_on_the_others=True)),
    ),
    TaxRate(
        "GH",
        STANDARD,
        "Levies and VAT 19.25%",
        1925,
        date(2021, 5, 1),
        "COVID-19 Health Recovery Levy Act, 2021 (Act 1068): a third straight levy",
        "S",
        "",
        "https://www.dennislawgh.com/law-preview/covid-19-health-recovery-levy-act/754",
        (_NHIL, _GETFUND, _COVID, Levy("vat", "VAT 12.5%", 1250, is_on_the_others=True)),
    ),
    TaxRate(
        "GH",
        STANDARD,
        "Levies and VAT 21.9%",
        2190,
        date(2023, 1, 1),
        "Value Added Tax (Amendment) (No. 2) Act, 2022: VAT of 15 % on the price and the levies",
        "S",
        "",
        "https://www.worldports.org/vat-amendment",
        (_NHIL, _GETFUND, _COVID, Levy("vat", "VAT 15%", 1500, is_on_the_others=True)),
    ),
    TaxRate(
        "GH",
        STANDARD,
        "NHIL, GETFund and VAT 20%",
        2000,
        date(2026, 1, 1),
        "Value Added Tax Act, 2025 (Act 1151), and COVID-19 Health Recovery Levy (Repeal) Act, 2025: all on the price",
        "S",
        "",
        _GH_2026_SOURCE,
        (_NHIL, _GETFUND, Levy("vat", "VAT 15%", 1500)),
    ),
    *_plain("GH", "Value Added Tax Act, 2013 (Act 870)", _GH_SOURCE),
    *_plain(
        "GH", "Value Added Tax Act, 2025 (Act 1151)", _GH_2026_SOURCE, since_on=date(2026, 1, 1)
    ),
)

# Rwanda

_RW_OLD = "Law No. 37/2012 of 09/11/2012 establishing the value added tax"
_RW = "Law No. 049/2023 of 05/09/2023 establishing value added tax"
_RW_BEGAN = date(2023, 9, 14)
_RW_SOURCE = "https://taxnews.ey.com/news/2023-1709"

RWANDA = (
    TaxRate("RW", STANDARD, "VAT 18%", 1800, _BEFORE, _RW_OLD, "S", "", _RW_SOURCE),
    TaxRate("RW", STANDARD, "VAT 18%", 1800, _RW_BEGAN, _RW, "S", "", _RW_SOURCE),
    *_plain("RW", _RW_OLD, _RW_SOURCE),
    *_plain("RW", _RW, _RW_SOURCE, since_on=_RW_BEGAN),
)

# South Africa

_ZA = "Value-Added Tax Act, 1991 (No. 89 of 1991)"
_ZA_SOURCE = "https://rsm.global/southafrica/insights/tax-insights/increase-vat-rate-and-related-implications"

SOUTH_AFRICA = (
    TaxRate("ZA", STANDARD, "VAT 14%", 1400, _BEFORE, f"{_ZA}, section 7(1)", "S", "", _ZA_SOURCE),
    TaxRate(
        "ZA",
        STANDARD,
        "VAT 15%",
        1500,
        date(2018, 4, 1),
        f"{_ZA}, section 7(1), as amended by the Rates and Monetary Amounts and Amendment of Revenue Laws Act, 2018",
        "S",
        "",
        _ZA_SOURCE,
    ),
    *_plain("ZA", _ZA, _ZA_SOURCE, notes=("section 11", "section 12")),
)

RATES: tuple[TaxRate, ...] = (
    *KENYA,
    *NIGERIA,
    *NORTH_MACEDONIA,
    *ZIMBABWE,
    *TANZANIA,
    *UGANDA,
    *GHANA,
    *RWANDA,
    *SOUTH_AFRICA,
)

LEFT_OUT: dict[str, tuple[str, ...]] = {
    "KE": (
        "The 8 % on petroleum products (2018 to 30 June 2023) is not kept: no invoice of today needs it.",
    ),
    "MK": (
        "The temporary rates for some food, fuel and electricity (2021 to 2023) are not kept.",
        "Which goods are at 5 % is a decision of the Government that changes: the seller says which line is.",
    ),
    "TZ": (
        "The 16 % for consumers who pay by bank or electronically (Finance Act, 2025, section 5(6) of the Act) is left"
        " out: it was announced for 1 September 2025 and then put off until a notice of the Commissioner General.",
        "Zanzibar has a VAT of its own and is not kept.",
    ),
    "GH": ("The VAT flat rate scheme, abolished from 1 January 2026, is not kept.",),
    "ZA": (
        "The rise to 15.5 % announced for 1 May 2025 was withdrawn on 24 April 2025 (Government Notice 6157): it never"
        " was in force.",
    ),
}
"""What was found and is not kept, and why."""
