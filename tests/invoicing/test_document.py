"""The paper of an issued document: what it says, that it lasts, and that nothing typed into it can harm it."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import threading
from typing import Any

import pytest
import segno
from pypdf import PdfReader

from hesabu.invoicing.document import qr_svg, render_pdf

PAY_URL = "https://hesabu.example/p/Ab3dE5gH7jK9mN1p"


def line(
    description: str = "Logo design", *, net_minor: int = 7_500_000, bps: int = 1600
) -> dict[str, Any]:
    tax_minor = net_minor * bps // 10_000
    return {
        "description": description,
        "quantity": "1",
        "unit_price_minor": net_minor,
        "amount_minor": net_minor,
        "net_minor": net_minor,
        "tax_code": "S",
        "tax_rate_bps": bps,
        "tax_minor": tax_minor,
        "gross_minor": net_minor + tax_minor,
    }


def snapshot(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    lines = lines or (line(),)
    net_minor = sum(each["net_minor"] for each in lines)
    tax_minor = sum(each["tax_minor"] for each in lines)
    taxes = [
        {
            "code": "S",
            "label": "VAT 16%",
            "rate_bps": 1600,
            "net_minor": net_minor,
            "tax_minor": tax_minor,
        }
    ]
    return {
        "version": 1,
        "kind": "invoice",
        "number": "INV-0214",
        "issued_on": "2026-11-23",
        "due_on": "2026-11-27",
        "currency": "KES",
        "language": "en",
        "country": "KE",
        "seller": {
            "name": "Kamau Designs",
            "legal_name": "Kamau Designs Limited",
            "tax_id": "P051234567X",
            "address": "Moi Avenue\nNairobi",
            "phone": "0722 000 111",
            "email": "hello@kamau.example",
        },
        "buyer": {
            "name": "Jane Wanjiku",
            "phone": "+254712345678",
            "email": None,
            "address": None,
            "tax_id": None,
        },
        "lines": list(lines),
        "discount_minor": 0,
        "net_minor": net_minor,
        "tax_minor": tax_minor,
        "total_minor": net_minor + tax_minor,
        "taxes": taxes if tax_minor else [],
        "payment": {
            "ways": [
                {
                    "kind": "till",
                    "label": "Shop till",
                    "number": "832909",
                    "account": None,
                },
                {
                    "kind": "paybill",
                    "label": "Paybill",
                    "number": "400200",
                    "account": "INV-0214",
                },
                {
                    "kind": "bank",
                    "label": "Equity Bank",
                    "number": "0123 4567 8901",
                    "account": None,
                },
            ]
        },
        "pay_url": PAY_URL,
        "note": "Thank you.",
        "credits": None,
    } | changes


def reader(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    pages = "\n".join(page.extract_text() for page in reader(content).pages)
    return re.sub(r"[ \u00a0]+", " ", pages.replace("\u200b", ""))


def test_a_tax_invoice_says_who_what_how_much_and_how_to_pay() -> None:
    text = text_of(render_pdf(snapshot()))
    for said in (
        "Tax invoice",
        "INV-0214",
        "Kamau Designs Limited",
        "KRA PIN P051234567X",
        "Jane Wanjiku",
        "0712 345678",
        "Logo design",
        "75,000.00",
        "VAT 16% on 75,000.00",
        "12,000.00",
        "KES 87,000.00",
        "23 November 2026",
        "27 November 2026",
        "832909",
        "400200",
        "Equity Bank",
        "hesabu.example/p/",
        "Page 1 of 1",
    ):
        assert said in text


def test_a_seller_without_vat_sends_a_plain_invoice_without_a_tax_column() -> None:
    text = text_of(render_pdf(snapshot(line(bps=0))))
    assert "Tax invoice" not in text
    assert "VAT" not in text
    assert "KES 75,000.00" in text


def test_a_credit_note_names_what_it_credits_and_asks_for_nothing() -> None:
    text = text_of(
        render_pdf(snapshot(kind="credit_note", number="CN-0003", credits="INV-0214", due_on=None))
    )
    assert "Credit note" in text
    assert "Credits INV-0214" in text
    assert "How to pay" not in text
    assert "Due" not in text


def test_prices_that_include_the_tax_show_it_within_the_total() -> None:
    text = text_of(render_pdf(snapshot(tax_mode="inclusive")))
    assert "of which VAT 16% on 75,000.00" in text
    assert "Before VAT" not in text


def test_a_discount_stands_between_the_subtotal_and_the_total() -> None:
    text = text_of(render_pdf(snapshot(line(bps=0), discount_minor=500_000)))
    assert "Subtotal 80,000.00" in text.replace("\n", " ")
    assert "\u22125,000.00" in text


def test_two_hundred_lines_run_over_pages_with_the_head_repeated() -> None:
    content = render_pdf(snapshot(*(line(f"Shirt number {n}") for n in range(1, 201))))
    pages = [page.extract_text() for page in reader(content).pages]
    assert len(pages) > 4
    whole = text_of(content)
    assert all(
        f"Shirt number {n}\n" in whole or f"Shirt number {n} " in whole for n in (1, 99, 200)
    )
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
    assert all("Description" in page for page in pages if "Shirt number" in page)


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    assert render_pdf(snapshot()) == render_pdf(snapshot())


def test_the_file_is_archival_tagged_titled_and_in_its_language() -> None:
    document = reader(render_pdf(snapshot()))
    root = document.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert document.metadata is not None
    assert document.metadata.title == "Tax invoice INV-0214"


def test_the_address_of_the_pay_page_can_be_followed() -> None:
    links = [
        note.get_object()["/A"]["/URI"]
        for page in reader(render_pdf(snapshot())).pages
        for note in page.get("/Annots", [])
    ]
    assert PAY_URL in links


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x") #read("/etc/passwd")',
        "$ sum_1^2 $ *bold* _slanted_ `raw` <label> @reference",
        'quote " backslash \\ brace } ] ) // comment /* open',
        '#import "@preview/x:1.0.0": *',
        "= heading\n- item\n+ item",
    ],
)
def test_markup_in_a_name_is_only_letters(name: str) -> None:
    buyer = snapshot()["buyer"] | {"name": name}
    text = text_of(render_pdf(snapshot(line(name), buyer=buyer)))
    squeezed = re.sub(r"\s", "", text)
    assert squeezed.count(re.sub(r"\s", "", name)) == 2


def test_names_in_cyrillic_and_with_marks_are_kept() -> None:
    buyer = snapshot()["buyer"] | {"name": "Ѓорѓи Њуриќ, Żółć & Ọlá ₦"}
    assert "Ѓорѓи Њуриќ, Żółć & Ọlá ₦" in text_of(render_pdf(snapshot(buyer=buyer)))


@pytest.mark.parametrize(
    "odd",
    [
        "漢字" * 30,
        "😀🎉",
        "\x00\x07tab\t",
        "\ud800",
        "\ue000\u0378\ufdd0",
        "\u202egnp.exe",
    ],
)
def test_letters_that_no_font_draws_never_stop_a_document(odd: str) -> None:
    buyer = snapshot()["buyer"] | {"name": f"Zhang {odd}"}
    text = text_of(render_pdf(snapshot(buyer=buyer)))
    assert "Zhang" in text
    assert "\u202e" not in text


def test_ten_thousand_letters_without_a_space_stay_on_the_paper() -> None:
    content = render_pdf(snapshot(line("q" * 10_000)))
    assert text_of(content).count("q") >= 10_000
    assert 1 < len(reader(content).pages) < 20


def test_threads_share_one_typesetter_and_get_their_own_document() -> None:
    made: dict[str, bytes] = {}

    def make(number: str) -> None:
        made[number] = render_pdf(snapshot(number=number))

    threads = [threading.Thread(target=make, args=(f"INV-{n:04}",)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 12
    assert all(number in text_of(content) for number, content in made.items())


def test_another_version_of_the_snapshot_is_refused() -> None:
    with pytest.raises(ValueError, match="version 5"):
        render_pdf(snapshot(version=5))


def test_the_qr_code_is_one_path_of_the_pay_address() -> None:
    svg = qr_svg(PAY_URL)
    size = segno.make(PAY_URL, error="m", micro=False).symbol_size(border=0)[0]
    assert f'viewBox="0 0 {size} {size}"' in svg
    assert svg.count("<path") == 1
    assert "style=" not in svg


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler to look at the page")
def test_the_qr_code_on_the_printed_page_has_every_module_in_its_place(
    tmp_path: Any,
) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(render_pdf(snapshot()))
    subprocess.run(
        ["pdftoppm", "-gray", "-r", "300", "-singlefile", paper, tmp_path / "paper"],
        check=True,
    )
    rows = read_pgm((tmp_path / "paper.pgm").read_bytes())
    seen = modules_in(rows, size=len(tuple(segno.make(PAY_URL, error="m", micro=False).matrix)))
    assert seen == [
        [bool(cell) for cell in row] for row in segno.make(PAY_URL, error="m", micro=False).matrix
    ]


def read_pgm(content: bytes) -> list[bytes]:
    header = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", content)
    assert header is not None
    width, height = int(header[1]), int(header[2])
    body = content[header.end() :]
    return [body[y * width : (y + 1) * width] for y in range(height)]


def modules_in(rows: list[bytes], *, size: int) -> list[list[bool]]:
    """Find the white block inside the tinted panel, then the dark square inside it, and read it by the grid."""
    tint = 245
    panel = [y for y, row in enumerate(rows) if row.count(tint) > len(row) // 4]
    left = rows[panel[len(panel) // 2]].index(tint)
    right = rows[panel[len(panel) // 2]].rindex(tint)
    straight = [y for y in panel if rows[y][left] == tint == rows[y][right]]
    white = [
        (x, y) for y in straight for x in range((left + right) // 2, right) if rows[y][x] == 255
    ]
    x0, x1 = min(x for x, _ in white), max(x for x, _ in white)
    y0, y1 = min(y for _, y in white), max(y for _, y in white)
    dark = [(x, y) for y in range(y0, y1) for x in range(x0 + 6, x1 - 6) if rows[y][x] < 100]
    x0, x1 = min(x for x, _ in dark), max(x for x, _ in dark) + 1
    y0, y1 = min(y for _, y in dark), max(y for _, y in dark) + 1
    step_x, step_y = (x1 - x0) / size, (y1 - y0) / size
    return [
        [
            rows[int(y0 + (r + 0.5) * step_y)][int(x0 + (c + 0.5) * step_x)] < 128
            for c in range(size)
        ]
        for r in range(size)
    ]
