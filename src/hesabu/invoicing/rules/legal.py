"""What a country's law asks an invoice with tax to say, as data: which details of the seller must be there before tax may
be charged, which are printed if given, what is said of the buyer, and by which law.

Only a business that is registered for the tax and charges it on this invoice is held to it: whoever is not registered
sends a plain invoice, and nothing is asked of them. What only a certified device or the authority itself can add (a
fiscal signature, a clearance number) is not claimed here; `BY_DEVICE` names the countries whose law wants one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hesabu.invoicing import errors
from hesabu.kit.errors import HesabuError

TAX_ID, VAT_NUMBER, ADDRESS = "tax_id", "vat_number", "address"
REGISTRATION_NUMBER, SIGNATORY = "registration_number", "signatory"


@dataclass(frozen=True, slots=True)
class TaxInvoice:
    """What an invoice with tax says in a country. `needed` and `printed` are names of a business's details."""

    needed: tuple[str, ...]
    """Without these no invoice with tax is issued."""
    printed: tuple[str, ...] = ()
    """Asked for and printed, but not insisted on. An address is printed wherever it is known."""
    buyer: tuple[str, ...] = ("name",)
    """What the law wants to know of the buyer where it is a business, or above `buyer_above_minor`."""
    buyer_above_minor: int | None = None
    says_day_of_supply: bool = False
    is_called_tax_invoice: bool = True
    """Whether its head says more than "invoice"; North Macedonia's law knows one word for both."""
    is_signed: bool = False
    """Whether a line for the signature of the seller's signatory is printed."""
    law: str = ""
    source: str = ""


TAX_INVOICES: dict[str, TaxInvoice] = {
    "KE": TaxInvoice(
        needed=(TAX_ID,),
        buyer=("name", "tax_id"),
        law="Value Added Tax Act, 2013, section 42; Tax Procedures Act, 2015, section 23A (electronic tax invoice)",
        source="https://globaltaxnews.ey.com/news/2020-6397-kenya-gazettes-vat-regulations-on-electronic-tax-invoices",
    ),
    "NG": TaxInvoice(
        needed=(TAX_ID, ADDRESS),
        printed=(REGISTRATION_NUMBER,),
        says_day_of_supply=True,
        law="Nigeria Tax Act, 2025, section 153",
        source="http://lawglobalhub.com/section-153-nigeria-tax-act-2025/",
    ),
    "MK": TaxInvoice(
        needed=(TAX_ID, ADDRESS),
        printed=(REGISTRATION_NUMBER, SIGNATORY),
        buyer=("name", "address", "tax_id"),
        says_day_of_supply=True,
        is_called_tax_invoice=False,
        is_signed=True,
        law="Закон за данокот на додадена вредност, член 53",
        source="http://kaunt.mk/Home/Blog/6; http://eurokonsaltplus.com.mk (потпис без печат од 1.1.2016)",
    ),
    "ZW": TaxInvoice(
        needed=(VAT_NUMBER, ADDRESS),
        printed=(TAX_ID,),
        buyer=("name", "address", "tax_id"),
        law="Value Added Tax Act [Chapter 23:12], section 20",
        source="https://www.heraldonline.co.zw/documents-required-when-claiming-vat-refunds/",
    ),
    "TZ": TaxInvoice(
        needed=(TAX_ID, VAT_NUMBER),
        buyer=("name", "tax_id"),
        law="Value Added Tax Act, 2014, section 86",
        source="https://fliphtml5.com/wruhl/tour/B4/380/",
    ),
    "UG": TaxInvoice(
        needed=(TAX_ID, ADDRESS),
        buyer=("name", "address", "tax_id"),
        law="Value Added Tax Act, Cap. 349, section 29",
        source="https://www.hitpages.com/doc/4504202264969216/164/",
    ),
    "GH": TaxInvoice(
        needed=(TAX_ID, ADDRESS),
        buyer=("name", "address", "tax_id"),
        says_day_of_supply=True,
        law="Value Added Tax Regulations, 2016 (L.I. 2243), regulation 21(2)",
        source="https://www.bcp.gov.gh (L.I. 2243, regulation 21)",
    ),
    "RW": TaxInvoice(
        needed=(TAX_ID, ADDRESS),
        buyer=("name", "tax_id"),
        law="Law No. 049/2023 of 05/09/2023 establishing value added tax; Law No. 020/2023 on tax procedures, article 18",
        source="http://newtimes.co.rw/article/61204/comments-what-is-a-valid-tax-invoice-part-2/amp",
    ),
    "ZA": TaxInvoice(
        needed=(TAX_ID, ADDRESS),
        printed=(REGISTRATION_NUMBER,),
        buyer=("name", "address", "tax_id"),
        buyer_above_minor=500_000,
        law="Value-Added Tax Act, 1991, section 20(4) and (5)",
        source="https://newsarsweb.azurewebsites.net/businesses-and-employers/government/tax-invoices",
    ),
}

BY_DEVICE: dict[str, str] = {
    "KE": "eTIMS",
    "NG": "e-invoice of the Nigeria Revenue Service, for those it directs",
    "MK": "e-Faktura",
    "ZW": "fiscal device (FDMS)",
    "TZ": "fiscal device (EFD or VFD)",
    "UG": "EFRIS",
    "GH": "E-VAT certified invoicing system",
    "RW": "EBM",
}
"""What the law wants a registered seller to send invoices with tax through besides. Hesabu does not do that yet, and
nothing on its papers says so."""

IN_WORDS: dict[str, tuple[str, ...]] = {
    "NG": ("en",),
    "MK": ("mk", "sq"),
    "TZ": ("sw", "en"),
    "RW": ("fr",),
}
"""Where a paper also says its total in words, and in which languages. No law of these places asks for it: it is what
whoever pays there looks for ("naira only", „Со букви“, "kiasi kwa maneno", « arrêté à la somme de »), on papers with tax
and without. Where a country or a language is missing, nobody expects it, and nothing is printed."""

_MISSING: Mapping[str, type[HesabuError]] = {
    TAX_ID: errors.SellerTaxIdMissing,
    VAT_NUMBER: errors.SellerVatNumberMissing,
    ADDRESS: errors.SellerAddressMissing,
}


def asked(country: str) -> tuple[str, ...]:
    """What a business is asked for when it registers for the tax, the needed ones first."""
    known = TAX_INVOICES.get(country)
    return (*known.needed, *known.printed) if known else (TAX_ID,)


def needed(country: str) -> tuple[str, ...]:
    known = TAX_INVOICES.get(country)
    return known.needed if known else ()


def check_seller(country: str, details: Mapping[str, str | None]) -> None:
    """Refuse an invoice with tax that lacks what its law needs, naming the detail."""
    for name in needed(country):
        if not details.get(name):
            raise _MISSING[name](field=name)


def wanted_of_buyer(country: str, details: Mapping[str, str | None], total_minor: int) -> list[str]:
    """What the law wants to know of a buyer and is not known: worth a hint, never a refusal, since only the buyer knows
    whether it is a business."""
    known = TAX_INVOICES.get(country)
    if known is None:
        return []
    if known.buyer_above_minor is not None and total_minor <= known.buyer_above_minor:
        return []
    return [name for name in known.buyer if not details.get(name)]
