"""How a country writes money: its currency, its decimal mark, the words and signs of currencies.

Only what reading a message needs. Tax rates, calendars and legal fields live elsewhere. The grammar stands alone, so it
has a table of its own; a test holds it to `kit.countries`, where the countries we keep books in are.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Currency:
    code: str
    signs: tuple[str, ...] = ()
    """Written before or after the number, lower-case, without a dot: ksh 500, 500 ksh."""
    words: tuple[str, ...] = ()
    """Written after the number only, since before it they may be a name ("Naira Bet 500")."""
    decimals: int = 2
    largest: Decimal = Decimal("999999999.99")
    """More than this in one message is taken for a slip of the finger."""


_BIG = Decimal("999999999999")

CURRENCIES: dict[str, Currency] = {
    c.code: c
    for c in (
        Currency("KES", ("kes", "ksh", "kshs", "k.sh"), ("bob",)),
        Currency("UGX", ("ugx", "ush", "ushs"), (), 0, _BIG),
        Currency("TZS", ("tzs", "tsh", "tshs"), (), 2, _BIG),
        Currency("RWF", ("rwf", "frw"), (), 0, _BIG),
        Currency("NGN", ("ngn", "₦"), ("naira", "kobo")),
        Currency("GHS", ("ghs", "ghc", "gh₵", "gh¢", "₵", "¢"), ("cedi", "cedis")),
        Currency("ZAR", ("zar",), ("rand", "rands")),
        Currency("ZWG", ("zwg", "zig"), ()),
        Currency("ZMW", ("zmw",), ("kwacha",)),
        Currency("BWP", ("bwp",), ("pula",)),
        Currency("ETB", ("etb",), ("birr",)),
        Currency("XAF", ("xaf", "fcfa"), (), 0, _BIG),
        Currency("XOF", ("xof",), (), 0, _BIG),
        Currency("MKD", ("mkd", "ден"), ("denar", "denars", "denari", "den", "денар", "денари")),
        Currency("USD", ("usd", "us$", "$", "dola"), ("dollar", "dollars", "bucks")),
        Currency("EUR", ("eur", "€"), ("euro", "euros")),
        Currency("GBP", ("gbp", "£"), ("pound", "pounds", "quid")),
        Currency("INR", ("inr", "₹"), ("rupee", "rupees")),
        Currency("CNY", ("cny", "rmb"), ("yuan",)),
        Currency("JPY", ("jpy", "¥"), ("yen",), 0, _BIG),
        Currency("AED", ("aed",), ("dirham", "dirhams")),
        Currency("CHF", ("chf",), ()),
        Currency("BTC", ("btc", "₿"), ("bitcoin", "bitcoins")),
    )
}

# "sh" and "shillings" mean the currency of whoever writes; never a foreign one.
LOCAL_SIGNS = ("sh", "shs", "shilingi", "shillingi")
LOCAL_WORDS = ("shilling", "shillings")
SHILLINGS = frozenset({"KES", "UGX", "TZS"})


@dataclass(frozen=True, slots=True)
class Country:
    code: str
    currency: str
    calling_code: str
    decimal_mark: str = "."


COUNTRIES: dict[str, Country] = {
    c.code: c
    for c in (
        Country("KE", "KES", "254"),
        Country("UG", "UGX", "256"),
        Country("TZ", "TZS", "255"),
        Country("RW", "RWF", "250"),
        Country("NG", "NGN", "234"),
        Country("GH", "GHS", "233"),
        Country("ZA", "ZAR", "27"),
        Country("ZW", "USD", "263"),
        Country("ZM", "ZMW", "260"),
        Country("MK", "MKD", "389", ","),
    )
}


def country_named(code: str) -> Country:
    """An unknown country reads like Kenya; the phone library still gets its own code."""
    return COUNTRIES.get(code.upper(), COUNTRIES["KE"])


def currency_named(code: str) -> Currency:
    return CURRENCIES.get(code.upper()) or Currency(code.upper(), (code.lower(),))


def decimals_of(code: str) -> int:
    return currency_named(code).decimals


_SIGNS = {sign: c.code for c in CURRENCIES.values() for sign in c.signs}
_WORDS = {word: c.code for c in CURRENCIES.values() for word in c.words}
LOCAL = "local"
"""The shilling of the place, whichever that is."""


def currency_sign(word: str) -> str | None:
    """The currency that a sign or code stands for."""
    bare = word.rstrip(".")
    return LOCAL if bare in LOCAL_SIGNS else _SIGNS.get(bare)


def currency_word(word: str) -> str | None:
    """The currency that a word behind a number stands for."""
    return LOCAL if word in LOCAL_WORDS else _WORDS.get(word)
