"""The acts as stories, each a few messages and what must be so afterwards. A story's first line is what `--list` says."""

from __future__ import annotations

from collections.abc import Callable

from hesabu.app.story.phones import Waited, tappable
from hesabu.app.story.script import Scene

Act = Callable[[Scene], None]
PIN = "7391"
"""What Wanjiku chooses when she is asked for one first, and gives from then on."""


# --- the merchant's side ----------------------------------------------------------------------------------------------


def list_(scene: Scene) -> None:
    """Twelve invoices on two pages, and one chosen by its number."""
    for place in range(12):
        scene.bills(f"{1000 + place}", f"{'abcdefghijkl'[place]}pple juice")
    first = scene.says(scene.wanjiku, "list", "show", "more")
    scene.stays("the first page holds ten rows", lambda: len(tappable(first)) == 10)
    second = scene.taps(scene.wanjiku, "more", "show")
    scene.stays("the second page holds the rest", lambda: len(tappable(second)) == 3)
    scene.answers(scene.wanjiku, 3, "settle", "takeback")


def status(scene: Scene) -> None:
    """Where one invoice stands, by its number and by a name."""
    scene.bills()
    scene.says(scene.wanjiku, "status INV-0001", "settle", "remind", "takeback")
    scene.says(scene.wanjiku, "status Jane", "settle", "remind", "takeback")
    scene.stays("it is open", lambda: scene.state("INV-0001") == "issued")


def remind(scene: Scene) -> None:
    """One is reminded of once on a day; all that are open by one tap."""
    scene.bills()
    scene.bills("2,000", "tea")
    before = scene.jane.reached_count()
    scene.says(scene.wanjiku, "remind INV-0001")
    scene.reaches(scene.jane, before)
    scene.becomes("it was reminded of", lambda: scene.happened("INV-0001", "InvoiceReminded") == 1)
    scene.says(scene.wanjiku, "remind INV-0001")
    scene.stays("and not twice", lambda: scene.happened("INV-0001", "InvoiceReminded") == 1)
    scene.says(scene.wanjiku, "remind Jane", "remind")
    scene.says(scene.wanjiku, "remind all", "remindall", "keep")
    scene.taps(scene.wanjiku, "remindall")
    scene.becomes("the other one too", lambda: scene.happened("INV-0002", "InvoiceReminded") == 1)
    scene.stays("and no one twice", lambda: scene.happened("INV-0001", "InvoiceReminded") == 1)


def cancel(scene: Scene) -> None:
    """A draft is dropped; what was sent is taken back, asked first."""
    scene.bills()
    scene.says(scene.wanjiku, "cancel INV-0001", "void", "keep")
    scene.stays("nothing happens before the tap", lambda: scene.state("INV-0001") == "issued")
    before = scene.jane.reached_count()
    scene.taps(scene.wanjiku, "void")
    scene.says(scene.wanjiku, PIN)
    scene.becomes("it is taken back", lambda: scene.state("INV-0001") == "void")
    scene.reaches(scene.jane, before)
    scene.says(scene.wanjiku, f"Invoice {scene.jane.name} 500 for tea", "send", "drop")
    scene.taps(scene.wanjiku, "drop")
    scene.stays("the draft is gone", lambda: _drafts(scene) == 0)


def resend(scene: Scene) -> None:
    """The paper goes out once more, and nothing is issued again."""
    scene.bills()
    before = scene.jane.reached_count()
    scene.says(scene.wanjiku, "resend INV-0001")
    scene.reaches(scene.jane, before)
    scene.becomes("it was sent again", lambda: scene.happened("INV-0001", "InvoiceResent") == 1)


def change(scene: Scene) -> None:
    """A draft changes; what was issued is replaced, and what was paid on it counts."""
    scene.bills()
    scene.says(scene.wanjiku, "paid INV-0001 30,000 cash")
    scene.says(scene.wanjiku, PIN)
    scene.becomes("a part is paid", lambda: scene.state("INV-0001") == "part_paid")
    scene.says(scene.wanjiku, "change INV-0001 amount to 80,000", "send", "change", "drop")
    scene.stays("the old one stands until Send", lambda: scene.state("INV-0001") == "part_paid")
    scene.says(scene.wanjiku, "make it 90k", "send", "change", "drop")
    before = scene.jane.reached_count()
    scene.taps(scene.wanjiku, "send")
    scene.becomes("the old one is credited", lambda: scene.state("INV-0001") == "credited")
    scene.stays("the new one owes the rest", lambda: scene.owed("INV-0002") == 60_000)
    scene.reaches(scene.jane, before)


def undo(scene: Scene) -> None:
    """A change, a payment noted by hand and an issued invoice, each taken back."""
    scene.bills()
    scene.says(scene.wanjiku, "paid INV-0001 cash")
    scene.says(scene.wanjiku, PIN)
    scene.becomes("it is paid", lambda: scene.state("INV-0001") == "paid")
    scene.says(scene.wanjiku, "undo", "withdraw", "keep")
    scene.taps(scene.wanjiku, "withdraw")
    scene.says(scene.wanjiku, PIN)
    scene.becomes("it is owed again", lambda: scene.owed("INV-0001") == 75_000)
    scene.says(scene.wanjiku, "undo", "void", "keep")
    scene.taps(scene.wanjiku, "void")
    scene.says(scene.wanjiku, PIN)
    scene.becomes("it is taken back", lambda: scene.state("INV-0001") == "void")


def repeat(scene: Scene) -> None:
    """One more like the last, as a draft on today's terms."""
    scene.bills(due="due in 14 days")
    scene.says(scene.wanjiku, "repeat last for Jane", "send", "change", "drop")
    scene.stays("nothing is sent yet", lambda: _drafts(scene) == 1)
    scene.taps(scene.wanjiku, "send")
    scene.becomes("a second one is sent", lambda: scene.state("INV-0002") == "issued")


def products(scene: Scene) -> None:
    """A thing and its price, kept, used on an invoice, and dropped."""
    scene.says(scene.wanjiku, "products", "additem")
    scene.taps(scene.wanjiku, "additem")
    scene.says(scene.wanjiku, "wig")
    scene.says(scene.wanjiku, "1,500")
    scene.becomes("it is among what is sold", lambda: _prices(scene) == {"Wig": 1500})
    home = f"0{scene.jane.number[3:]}"
    scene.says(scene.wanjiku, f"Invoice {scene.jane.name} {home}\n3 wig", "send", "drop")
    scene.taps(scene.wanjiku, "send")
    scene.becomes("its price was taken", lambda: scene.owed("INV-0001") == 4_500)
    scene.says(scene.wanjiku, "search wig", "item")
    scene.taps(scene.wanjiku, "item", "reprice", "dropitem")
    scene.taps(scene.wanjiku, "dropitem")
    scene.says(scene.wanjiku, PIN)
    scene.becomes("it is sold no longer", lambda: _prices(scene) == {})


def deposit(scene: Scene) -> None:
    """Half first: the draft keeps it, and that much is asked for."""
    home = f"0{scene.jane.number[3:]}"
    line = f"Invoice {scene.jane.name} {home} 10,000 for logo design 50% deposit"
    scene.says(scene.wanjiku, line, "send", "drop")
    scene.taps(scene.wanjiku, "send")
    scene.becomes("half is asked for", lambda: _asked(scene, "INV-0001") == 5_000)


def summary(scene: Scene) -> None:
    """What was sold and what came."""
    scene.bills()
    scene.says(scene.wanjiku, "paid INV-0001 25,000 cash")
    scene.says(scene.wanjiku, PIN)
    scene.becomes("a part is paid", lambda: scene.state("INV-0001") == "part_paid")
    scene.says(scene.wanjiku, "summary", "owes")


def settings(scene: Scene) -> None:
    """What the clerk does by itself, switched off and on."""
    scene.says(scene.wanjiku, "settings", "ways", "habits")
    scene.taps(scene.wanjiku, "habits", "habit")
    scene.taps(scene.wanjiku, "habit", "switchhabit")
    scene.taps(scene.wanjiku, "switchhabit", "switchhabit")
    scene.becomes("reminders are off", lambda: not _does(scene, "reminders"))
    scene.taps(scene.wanjiku, "switchhabit", "switchhabit")
    scene.becomes("and on again", lambda: _does(scene, "reminders"))


# --- the customer's side ----------------------------------------------------------------------------------------------


def view(scene: Scene) -> None:
    """The customer looks at the bill."""
    scene.bills()
    scene.opens()
    scene.taps(scene.jane, "view")
    scene.stays("it is open", lambda: scene.state("INV-0001") == "issued")


def pay(scene: Scene) -> None:
    """The customer pays by a prompt on the phone."""
    from hesabu.app import demo

    scene.bound(demo.connect_prompts)
    scene.bills()
    scene.opens()
    scene.taps(scene.jane, "pay")
    if scene.jane.waits_for_prompt(45) is None:
        raise Waited("no M-PESA prompt came")
    scene.jane.enters_pin()
    scene.becomes("it is paid", lambda: scene.state("INV-0001") == "paid")


def have_paid(scene: Scene) -> None:
    """The customer says they have paid, and the merchant confirms it by one tap."""
    scene.bills()
    before = scene.wanjiku.heard_count()
    scene.says(scene.jane, "paid SKL4T7QX2P")
    scene.hears(scene.wanjiku, "confirm", "reject", after=before)
    scene.stays("nothing is counted before that", lambda: scene.state("INV-0001") == "issued")
    scene.taps(scene.wanjiku, "confirm")
    scene.says(scene.wanjiku, PIN)
    scene.becomes("it is paid", lambda: scene.state("INV-0001") == "paid")


def _passed_on(scene: Scene, text: str) -> None:
    scene.bills()
    before = scene.wanjiku.heard_count()
    scene.says(scene.jane, text)
    scene.hears(scene.wanjiku, after=before)
    scene.stays("it is open", lambda: scene.state("INV-0001") == "issued")


def wrong_amount(scene: Scene) -> None:
    """The customer says the amount is wrong, and the merchant hears it."""
    _passed_on(scene, "the amount is wrong")


def call_me(scene: Scene) -> None:
    """The customer wants a call, and the merchant hears it."""
    _passed_on(scene, "call me")


def promise(scene: Scene) -> None:
    """The customer says when they will pay, and the merchant hears it."""
    _passed_on(scene, "I will pay on Friday")


ACTS: dict[str, Act] = {
    "list": list_,
    "status": status,
    "remind": remind,
    "cancel": cancel,
    "resend": resend,
    "change": change,
    "undo": undo,
    "repeat": repeat,
    "products": products,
    "deposit": deposit,
    "summary": summary,
    "settings": settings,
    "view": view,
    "pay": pay,
    "have-paid": have_paid,
    "wrong-amount": wrong_amount,
    "call-me": call_me,
    "promise": promise,
}


# --- what is so -------------------------------------------------------------------------------------------------------


def _drafts(scene: Scene) -> int:
    from hesabu.invoicing import queries as invoices
    from hesabu.invoicing.types import InvoiceState

    drafts = [InvoiceState.DRAFT]
    return scene.bound(lambda: len(invoices.invoices(states=drafts).invoices))


def _prices(scene: Scene) -> dict[str, int]:
    from hesabu.invoicing import queries as invoices

    items = scene.bound(invoices.items)
    return {item.name: item.unit_price.minor // 100 for item in items}


def _asked(scene: Scene, number: str) -> int:
    from hesabu.invoicing import queries as invoices

    return scene.bound(lambda: invoices.by_number(number).asked.minor // 100)


def _does(scene: Scene, habit: str) -> bool:
    from hesabu.invoicing import queries as invoices

    return scene.bound(lambda: invoices.does(habit))
