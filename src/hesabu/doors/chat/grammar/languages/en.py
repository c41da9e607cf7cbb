"""English, as it is written in shops and on phones, with the greetings of East Africa."""

from __future__ import annotations

from hesabu.doors.chat.grammar.language import Language, Phrasebook
from hesabu.doors.chat.grammar.types import Intent, TaxMode


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines() if line.strip())


def _typed(text: str) -> tuple[str, ...]:
    """Each phrase, and as it is typed in haste: "dont", "whats"; but not "were" and "well", which are words."""
    lines = _lines(text)
    hasty = (" ".join(map(_hasty, line.split())) for line in lines if "'" in line)
    return (*lines, *hasty)


def _hasty(word: str) -> str:
    bare = word.replace("'", "")
    return word if bare in {"well", "were", "id", "ill", "its", "shell", "hell"} else bare


def _book(text: str, *, weak: str = "") -> Phrasebook[bool]:
    """All of them True; the weak ones, which say too little alone, False."""
    return Phrasebook({line: line not in _typed(weak) for line in _typed(text)})


def _each(
    text: str, intent: Intent, topic: str | None = None
) -> dict[str, tuple[Intent, str | None]]:
    return dict.fromkeys(_typed(text), (intent, topic))


_INVOICE_STARTS = tuple(
    [
        f"{verb} {article}{adjective}{noun}".strip()
        for verb in ("create", "make", "send", "prepare", "raise", "generate", "write", "issue", "do",
                     "draft", "start", "give", "need", "want", "add", "get", "open", "put")
        for article in ("", "an ", "a ", "the ", "me an ", "me a ", "for me an ", "for me a ", "another ", "one ")
        for adjective in ("", "new ")
        for noun in ("invoice", "bill")
    ]
    + ["invoice", "new invoice", "bill", "charge", "inv", "new bill", "a new invoice", "an invoice", "another invoice",
       "request", "request payment", "request payment of", "invoicing", "invoiced", "invoice for", "invoice to", "envoice",
       "invoise", "invoicee"]
)  # fmt: skip

_UNITS = _set(
    "kg kgs g gm gms grams l ltr ltrs litre litres liters ml pcs pc pieces piece hrs hr hours hour h days day wks weeks nights bags bag boxes box pkt pkts packets ctn ctns cartons dozen doz dz crates sacks tins bottles rolls sheets pages copies units unit trips sets pairs pax"
)
_EACH = (
    "each",
    "apiece",
    "ea",
    "a piece",
    "every one",
    "each one",
    "per one",
    "per item",
    *(f"{per} {unit}" for per in ("per", "/", "a") for unit in sorted(_UNITS - {"g", "l", "h"})),
    *(
        f"{per} {noun}"
        for per in ("per", "/")
        for noun in (
            "person",
            "head",
            "month",
            "week",
            "night",
            "page",
            "trip",
            "litre",
            "metre",
            "meter",
            "plate",
            "session",
            "km",
            "visit",
            "class",
            "lesson",
            "shoot",
            "event",
            "sqm",
            "foot",
            "word",
            "bottle",
            "crate",
            "tray",
            "carton",
            "packet",
            "each",
            "guest",
            "hr",
            "hour",
            "day",
            "sack",
            "tin",
            "roll",
            "copy",
            "set",
            "pair",
            "sheet",
        )
    ),
)

_TAXES = ("vat", "v.a.t", "tax", "gst", "tva", "ddv", "ддв")


def _taxes(phrases: str, mode: TaxMode | None) -> dict[str, TaxMode | None]:
    """Every phrase for every word for the tax. TAX stands for it."""
    return {p.replace("TAX", tax): mode for p in _lines(phrases) for tax in _TAXES}


_CUSTOMER_LEADS = (
    *(
        f"{whose}{noun}{called}"
        for whose in ("my ", "our ", "a ", "the ", "")
        for noun in ("customer", "client")
        for called in ("", " called", " named", " by name", " by the name of", " by the name", " is")
        if whose in {"my ", "our "} or called
    ),
    "someone called", "somebody called", "a lady called", "a guy called", "a man called", "to be paid by", "the name is",
    "name is", "give", "to give",
    *(
        f"{which}{noun}{called}"
        for which in ("one ", "new ", "a new ")
        for noun in ("customer", "client")
        for called in ("", " called", " named", *(f"{comma} {lead}" for comma in ("", " ,") for lead in ("his name is", "her name is", "name is")))
    ),
    "his name is", "her name is",
)  # fmt: skip

_BALANCES = tuple(
    f"{rest}{when}"
    for rest in ("balance", "the balance", "and balance", "and the balance", "rest", "the rest", "and the rest", "and rest",
                 "remaining", "the remaining", "remainder", "the remainder")
    for when in (" later", " on delivery", " on completion", " on collection", " on pickup", " after", " when done", " when finished",
                 " when complete", " when ready", " after delivery", " after completion", " upon delivery", " upon completion",
                 " at the end", " at end")
)  # fmt: skip
_PART_NOW = tuple(
    f"{now}{comma} {rest}"
    for now in ("now", "first", "today")
    for comma in ("", " ,")
    for rest in _BALANCES
)
"""400 *now, the rest later*: together these say a deposit; "now" alone does not."""

_PERIODS = {
    "today": ("today", "so far today"),
    "yesterday": ("yesterday",),
    "week": ("this week", "so far this week"),
    "last_week": ("last week",),
    "month": ("this month", "so far this month"),
    "last_month": ("last month",),
}
_TAKINGS = tuple(
    f"{much} {who} {verb}"
    for much in ("how much", "how much money")
    for who in ("did i", "did we", "have i", "have we")
    for verb in ("make", "made", "get", "got", "sell", "sold", "earn", "earned", "receive", "received", "collect", "collected")
) + tuple(
    f"{much} {came}"
    for much in ("how much", "how much money", "what")
    for came in ("came in", "has come in", "came", "was paid", "did i get paid", "has been paid")
)  # fmt: skip


def _sums_of_days() -> dict[str, tuple[Intent, str | None]]:
    """Every way to ask for the takings, of every time they are told of."""
    return {
        f"{asked} {time}": (Intent.SUMMARY, topic)
        for topic, times in _PERIODS.items()
        for time in times
        for asked in _TAKINGS
    }


LANGUAGE = Language(
    code="en",
    phrases=Phrasebook({
        **_each(
            """
            help
            help me
            i need help
            i am stuck
            i'm stuck
            i don't understand
            i do not understand
            i don't get it
            i am lost
            i'm lost
            i am confused
            i'm confused
            what do i do
            what should i do
            what do i write
            what do i type
            what next
            what is this
            who is this
            who are you
            are you a robot
            is this a bot
            is this a scam
            is this real
            what can you do
            how does this work
            how do i use this
            how to use
            how do i start
            commands
            instructions
            guide
            faq
            support
            info
            ?
            """,
            Intent.HELP,
        ),
        **_each("menu\nmain menu\nshow menu\nthe menu\noptions\nhome\nback to menu\nmain", Intent.MENU),
        **_each(
            "cancel\ncancel it\ncancel that\ncancel this\nnever mind\nnevermind\nforget it\nquit\nexit\nabort\nleave it\ndiscard\ndon't send\ndo not send",
            Intent.CANCEL,
        ),
        **_each(
            """
            who owes me
            who owes me money
            who owes
            who is owing me
            who owes what
            who owes us
            who has not paid
            who hasn't paid
            who has not paid me
            who hasn't paid me
            who is yet to pay
            owed
            owing
            owes
            debts
            debtors
            unpaid
            pending
            pending payments
            outstanding
            balance
            balances
            how much am i owed
            who's owing me
            who is owing
            who owe me
            who owe me money
            who dey owe me
            who dey owe me money
            who never pay
            na who never pay
            na who dey owe me
            who never pay me
            who no pay
            who no pay me
            who did not pay
            who didn't pay
            who didn't pay me
            who still owes me
            who still owes me money
            who still owes
            who is still owing me
            who is left to pay
            show me who owes me
            tell me who owes me
            how much do people owe me
            what am i owed
            money owed
            money owed to me
            """,
            Intent.WHO_OWES,
        ),
        **_each("overdue\nlate\nwho is late\nwho is overdue", Intent.WHO_OWES, "overdue"),
        **_each(
            "unpaid invoices\nlist unpaid\nlist unpaid invoices\nshow unpaid\nshow unpaid invoices\nshow me unpaid invoices\nmy unpaid invoices\npending invoices\noutstanding invoices\nopen invoices\nlist open invoices",
            Intent.LIST,
            "unpaid",
        ),
        **_each(
            "overdue invoices\nlist overdue\nshow overdue\nlist overdue invoices\nshow overdue invoices\nlate invoices\nlist late invoices",
            Intent.LIST,
            "overdue",
        ),
        **_each(
            "who do i owe\nwhom do i owe\nwho do i owe money\nwhom do i owe money\nwho am i owing\nwhat do i owe\nwhat i owe\nhow much do i owe\nhow much do i owe you\nhow much should i pay\nhow much am i supposed to pay\nhow much do i pay\nhow much do i have to pay\nhow much am i paying\nhow much is it\nhow much is my bill\nhow much is the bill\nwhat is my balance\nwhat's my balance\nmy balance\nmy debt\nmy bill\nwhat do we owe\nwho do we owe\nwhom do we owe\nwho i owe\nwhom i owe\npeople i owe\nmy debts",
            Intent.I_OWE,
        ),
        **_each("expenses\nmy expenses\nexpense\nrecord expense\nrecord an expense\nadd expense\nadd an expense", Intent.EXPENSE),
        **_each(
            "list\ninvoices\nmy invoices\nlist invoices\nlist my invoices\nshow invoices\nshow my invoices\nshow me my invoices\nall invoices\nlist all\nlist all invoices\nrecent\nrecent invoices\nlatest invoices\nlast invoices\nhistory",
            Intent.LIST,
        ),
        **_each(
            "paid invoices\nlist paid\nlist paid invoices\nshow paid\nshow paid invoices\nwho has paid\nwho paid\nwho has paid me",
            Intent.LIST,
            "paid",
        ),
        **_each("drafts\nmy drafts\nlist drafts\nshow drafts", Intent.LIST, "drafts"),
        **_each(
            "customers\nmy customers\nlist customers\nshow customers\nclients\nmy clients\nlist clients\ncontacts",
            Intent.LIST,
            "customers",
        ),
        **_each(
            "products\nitems\nmy items\nmy products\nmy prices\nlist products\nlist items\nshow products\nshow items\nshow me my products\nprices\nprice list\npricelist\nmy price list\ncatalog\ncatalogue\nmy catalogue\ninventory\nstock\nshop\nwhat do i sell\nwhat do you sell",
            Intent.PRODUCTS,
        ),
        **_sums_of_days(),
        **_each("summary\nreport\nreports\nmy report\ndashboard\nanalytics\nsales\nmy sales\ntotals\nhow am i doing\nhow is business\nhow's business\nsales report\nshow sales\nhow much have i made\nhow much have i sold\nmy income\nincome", Intent.SUMMARY),
        **_each("how did i do today\nhow was today\nsales today\ntoday's sales\ntodays sales\nsales for today\ntoday's report\nreport today\nreport for today\nsummary today\nsummary for today\ntoday's summary\nhow much did i make today\nhow much did i sell today\nhow much have i made today\nhow much money today\nhow much came in today\nhow is today\nhow am i doing today\nmoney today\ntoday's money\nmy day\ndaily report\ndaily summary", Intent.SUMMARY, "today"),
        **_each("how did i do yesterday\nhow was yesterday\nsales yesterday\nyesterday's sales\nyesterdays sales\nsales for yesterday\nsummary yesterday\nreport yesterday\nreport for yesterday\nhow much did i make yesterday", Intent.SUMMARY, "yesterday"),
        **_each("this week\nhow did i do this week\nhow was this week\nhow was the week\nsales this week\nthis week's sales\nthis weeks sales\nsales for this week\nsummary this week\nweekly report\nweekly summary\nreport this week\nhow much did i make this week\nhow much have i made this week\nmy week\nhow is this week\nhow is the week", Intent.SUMMARY, "week"),
        **_each("last week\nhow did i do last week\nhow was last week\nsales last week\nlast week's sales\nsummary last week\nreport last week", Intent.SUMMARY, "last_week"),
        **_each("this month\nhow did i do this month\nhow was this month\nhow was the month\nsales this month\nthis month's sales\nthis months sales\nsales for this month\nsummary this month\nmonthly report\nmonthly summary\nreport this month\nhow much did i make this month\nhow much have i made this month\nmy month\nhow is this month\nhow is the month", Intent.SUMMARY, "month"),
        **_each("last month\nhow did i do last month\nhow was last month\nsales last month\nlast month's sales\nsummary last month\nreport last month", Intent.SUMMARY, "last_month"),
        **_each("last invoice\nthe last invoice\nmy last invoice", Intent.LIST),
        **_each("status\nmy status\ninvoice status\ncheck status\ncheck invoice", Intent.STATUS),
        **_each("resend\nsend again\nsend it again\nresend it\nresend invoice", Intent.RESEND),
        **_each("receipt\nthe receipt\nmy receipt\nsend receipt\nsend the receipt\nsend a receipt\nresend receipt\nresend the receipt\nsend me the receipt\nsend me a receipt\nsend me my receipt\ni need a receipt\nlast receipt\nreceipt please", Intent.RESEND, "receipt"),
        **_each("quiet hours\nset quiet hours", Intent.SETTINGS, "quiet"),
        **_each("remind\nreminder\nsend reminder\nsend a reminder\nsend reminders", Intent.REMIND),
        **_each("remind all\nremind everyone\nremind them all\nremind everybody\nsend all reminders\nsend reminders to all\nsend reminders to everyone\nremind all customers\nremind everyone who owes me\nremind all who owe me\nremind all overdue\nremind all debtors\nchase everyone", Intent.REMIND, "all"),
        **_each("void\nvoid it\nvoid invoice", Intent.VOID),
        **_each("change\nedit\nmodify\nchange it\nedit it\nchange something\nmake a change\nupdate\ncorrect it\ncorrection", Intent.CHANGE),
        **_each("undo\nundo that\nundo it\nundo last\ngo back\nback\nprevious\nundo last invoice\ni made a mistake\ni have made a mistake\ni've made a mistake\nmade a mistake\nmistake\nthat was a mistake\nit was a mistake", Intent.UNDO),
        **_each("repeat\nrepeat last\nrepeat last invoice\nsame again\nthe same again\nsame as last time", Intent.REPEAT),
        **_each("settings\nsetup\nset up\nmy settings\nmy account\nmy profile\nprofile\naccount\nmy business\nbusiness settings", Intent.SETTINGS),
        **_each(
            "payment settings\npayment details\npayment setup\npayment set up\nset up payments\npayment methods\npayment method\nmy till\nmy paybill\nadd till\nadd paybill\nset till\nset paybill\nadd payment method\nhow i get paid\nchange till\nchange paybill\nbank details\nmpesa settings",
            Intent.PAYMENT_SETUP,
        ),
        **_each("language\nchange language\nlanguages\nmy language", Intent.LANGUAGE),
        **_each("english\nkiingereza\nin english\nspeak english\nenglish please\nin english please\nuse english\ni want english\ni prefer english\nwrite in english\nreply in english", Intent.LANGUAGE, "en"),
        **_each("swahili\nkiswahili\nin swahili\nin kiswahili\nspeak swahili\nspeak kiswahili\nswahili please\nkiswahili please\nin swahili please\nuse swahili\nuse kiswahili\ni want swahili\ni want kiswahili\ni prefer swahili\ni prefer kiswahili\nwrite in swahili\nreply in swahili\ndo you speak swahili\ndo you speak kiswahili", Intent.LANGUAGE, "sw"),
        **_each("stop\nunsubscribe\nopt out\nstop messages\nstop all messages\nstop all\nstop everything\nstop it\nstop messaging me\nstop sending me these\nstop sending me this\nstop sending these\nstop sending me invoices\nstop texting me\nstop sending me messages\nremove me\ndon't message me\ndo not message me\ndon't text me\ndo not text me\nleave me alone\nstop disturbing me\nstop bothering me\nend", Intent.STOP),
        **_each("stop reminders\nno reminders\nno more reminders\nstop reminding me\nstop sending me reminders\nstop sending reminders\ndon't remind me\ndo not remind me\nreminders off\nturn off reminders\nstop the reminders\nmute reminders", Intent.STOP, "reminders"),
        **_each("start\nsubscribe\nopt in\nresume\nunstop\nstart messages\nstart again\nstart all\nstart everything", Intent.START),
        **_each("start reminders\nremind me\nreminders on\nturn on reminders\nresume reminders\nstart reminding me\nsend me reminders\nunmute reminders", Intent.START, "reminders"),
        **_each("skip\nskip it\nskip this\nnone\npass\nnot now\nlater\nn/a\n-", Intent.SKIP),
        **_each("done\nsent\nfinished\nfinish\nthat's all\nthats all\nthat is all\ncompleted\nno more", Intent.DONE),
        **_each(
            "yes\ny\nyeah\nyep\nyup\nyes please\nok\nokay\nokey\nk\nsure\nconfirm\nconfirmed\ncorrect\nthat's right\nthats right\nthat is right\nright\nsend\nsend it\nsend now\nok send\nyes send\nyes send it\nok send it\ngo ahead\nproceed\nagree\ni agree\naccept\napprove\nfine\ngood\nperfect\nlooks good\nall good\nndio\nndiyo\nsawa\nsawa sawa\nsawasawa\n👍\n✅\n👌",
            Intent.YES,
        ),
        **_each("no\nn\nnope\nnah\nnot yet\nwrong\nthat's wrong\nthats wrong\nthat is wrong\nno thanks\nno thank you\nincorrect\nnot correct\nhapana\nla\n👎\n❌", Intent.NO),
        **_each("thanks\nthank you\nwebale\nwebale nnyo\nwebale nyo\nweebale\nthank you very much\nthanks a lot\nmany thanks\nthx\nty\ntnx\nasante\nasante sana\nbye\ngoodbye\ngood bye\nkwaheri\ncheers\ngreat\nnice\nwell done\ngood job\n🙏", Intent.THANKS),
        **_each(
            "hi\nhello\nhey\nhallo\nhelo\nhii\nhiya\nhi there\nhello there\nhey there\ngood morning\ngood afternoon\ngood evening\ngood day\nmorning\nafternoon\nevening\ngreetings\nhabari\nhabari yako\nhabari zenu\nhabari za asubuhi\njambo\nhujambo\nmambo\nmambo vipi\nsasa\nniaje\nvipi\npoa\nsalama\nshikamoo\nsalaam\nhow are you\nhow are you doing\nhow far\nyo\nhola\nxaxa\n👋",
            Intent.GREETING,
        ),
        **_each(
            "paid\ni paid\ni have paid\ni've paid\nive paid\ni don pay\ni don pay am\ni don transfer\ni don transfer am\ni don send am\ni don send the money\ni don send money\nhave paid\nalready paid\ni already paid\ni have already paid\nit is paid\nit's paid\nits paid\npayment done\npayment made\npayment sent\ni have made payment\ni have made the payment\ni made the payment\nmoney sent\ndone paying\ni am done paying\npaid already\npaid yesterday\npaid today\nmoney has been sent\nmoney is sent\ni sent the money yesterday\ni sent the money today\ni have made the eft\ni have done the eft\ni made the eft\neft done\neft sent\ni have done the transfer\ntransfer done\ni have sent the money\ni sent the money\ni've sent the money\ni have sent money\ni sent money\ni've sent it\ni have sent it\ni have transferred\ntransferred\nnimelipa\nnimeshalipa\nnimetuma\nnimetuma pesa\nnishalipa",
            Intent.HAVE_PAID,
        ),
        **_each("send till\nsend the till\nsend me the till\nsend till number\nsend me till number\nsend the till number\nsend me the till number\nsend your till\nsend paybill\nsend the paybill\nsend me the paybill\nsend paybill number\nsend me the paybill number\nsend account number\nsend me the account number\nsend me your account number\nsend account details\nsend me account details\nsend momo number\nsend me momo number\nsend me the momo number\nsend your momo number\nwhat is your momo number\nmomo number\nwhat is the till\nwhat is the till number\nwhat's the till number\nwhich till\nwhich till number\nwhat is your till number\nwhat is the paybill\nwhat is the paybill number\nwhat's the paybill\nwhat is your paybill\nwhich paybill\nwhat is the account number\nwhat is your account number\nwhich account do i pay to\nwhich number do i pay to\nwhich number do i send to", Intent.PAY, "by_hand"),
        **_each("i have no money\ni don't have money\ni do not have money\ni don't have money now\ni don't have money right now\ni do not have money now\ni have no money now\ni have no money right now\ni can't pay now\ni cannot pay now\ni can not pay now\ni can't pay today\nnot able to pay now\ni am broke\ni'm broke\ni will pay later\ni'll pay later\nwill pay later", Intent.PROMISE),
        **_each("pay\npay now\ni want to pay\ni'd like to pay\nhow do i pay\nhow can i pay\nhow to pay\nhow do i pay this\nhow do i pay you\nhow should i pay\nwhere do i send the money\nwhere do i send money\nwhere should i send the money\ncan i pay by mpesa\ncan i pay with mpesa\ncan i pay via mpesa\ncan i pay now\nwhere do i pay\nlet me pay\nready to pay\npay invoice\npay with mpesa\npay with m-pesa\npay again\nretry payment\nlipa", Intent.PAY),
        **_each("view\nview invoice\nshow invoice\nsee invoice\nopen invoice\nmy invoice\nshow me the invoice\nshow me my invoice\nsend me the invoice\nview bill\nlink", Intent.VIEW),
        **_each("pdf\nsend pdf\nsend me the pdf\nsend me pdf\nthe pdf\nprint\nprint it\nprint invoice\nprint the invoice\ndownload\ndownload invoice\ndownload pdf\nget pdf", Intent.VIEW, "pdf"),
        **_each("wrong number\nwrong person\nyou have the wrong number\nyou have the wrong person\nyou got the wrong number\nthis is the wrong number\nthis is not me\nthat is not me\nit is not me\nnot me\nnot mine\ni don't know this business\ni do not know this business\ni don't know them\ni don't know you\nwrong amount\nthis is wrong\nthe invoice is wrong\nthis invoice is wrong\nthe bill is wrong\nthis bill is wrong\nthis is not right\nthat is not right\nthat's not right\nthis is not correct\ni did not order this\ni didn't order this\ni did not buy this\ni didn't buy this\nthis is not mine\nit is not mine\nthis is not my bill\nthis is not my invoice\ni never bought this\nwrong price\nwrong total\nthe price is wrong\nthe total is wrong\nit is too much\nthat is too much\nthat's too much\nthis is too much\nyou overcharged me\ni was overcharged\ni am overcharged\nthat is not what we agreed\nthat's not what we agreed\nthis is not what we agreed\nnot what we agreed\nthe amount is wrong\namount is wrong\nthe amount is not correct\nthat is the wrong amount\nthat's the wrong amount\nthis is the wrong amount\nnot the right amount\nincorrect amount", Intent.WRONG_AMOUNT),
        **_each("call me\ncall me please\ni want to talk to someone\ni want to talk to you\ncan we talk\ntalk to me\nplease call me\ncall me back\ncall\ngive me a call\ncan you call me\ntalk to a human\ntalk to a person\ni want to talk to a human\ni want to talk to a person\nspeak to a human\nspeak to someone\ncustomer care\nphone me", Intent.CALL_ME),
    }),
    commands=Phrasebook({
        **_each("status of\nstatus for\nstatus\nstatus on\ncheck\ntrack\ncheck on\ncheck status of\nwhat is the status of\nwhat's the status of\nwhats the status of\nbalance for\nbalance of\nthe balance for\nthe balance of\nwhat is the balance for\nwhat is the balance of\nhas\ndid\nis\nwhere is", Intent.STATUS),
        **_each("remind\nsend reminder to\nsend a reminder to\nsend a reminder for\nsend reminder for\nreminder to\nreminder for\nfollow up\nfollow up with\nchase\nnudge", Intent.REMIND),
        **_each("resend\nresend to\nsend again\nre-send\nforward", Intent.RESEND),
        **_each("receipt for\nreceipt of\nreceipt to\nreceipts for\nthe receipt for\nthe receipt of\nsend receipt to\nsend receipt for\nsend the receipt to\nsend the receipt for\nsend a receipt to\nsend a receipt for\nsend receipt\nresend receipt\nresend receipt to\nresend receipt for\nresend the receipt to\nresend the receipt for\nsend me the receipt for\nsend me receipt for\nreceipt", Intent.RESEND, "receipt"),
        **_each("bought\ni bought\nwe bought\ni have bought\ni've bought\njust bought\ni just bought\nspent\ni spent\nwe spent\ni have spent\nexpense\nexpenses\nrecord expense\nrecord an expense\nadd expense\nadd an expense\nnew expense", Intent.EXPENSE),
        **_each("quiet from\nquiet between\nquiet hours\nquiet hours from\nset quiet hours\nset quiet hours from\nset quiet hours to\nkeep quiet from\nkeep quiet between\nbe quiet from\nbe quiet between\nstay quiet from\nno messages from\nno messages between\nno reminders from\nno reminders between\ndo not disturb from\ndon't disturb from", Intent.SETTINGS, "quiet"),
        **_each("cancel\ndiscard", Intent.CANCEL),
        **_each("void\nreverse", Intent.VOID),
        **_each("delete\nremove\ntake out\ntake off\ntake away\nleave out\ndrop\nwithout the", Intent.CHANGE, "remove"),
        **_each("add\nalso add\nand add\nadd to it\nput in\ninclude", Intent.CHANGE, "add"),
        **_each("view\nshow\nshow me\nsee\nopen", Intent.VIEW),
        **_each("copy of\na copy of\nthe copy of\nsend copy of\nsend a copy of\nsend me a copy of\nsend me copy of\ni need a copy of", Intent.VIEW, "pdf"),
        **_each("print\nprint out\nprint me\npdf\npdf of\npdf for\nthe pdf of\nthe pdf for\nsend pdf of\nsend pdf for\nsend me pdf of\nsend me pdf for\nsend me a pdf of\nsend me the pdf of\nsend me the pdf for\nget pdf of\nget the pdf of\ndownload\ndownload pdf of", Intent.VIEW, "pdf"),
        **_each("pay", Intent.PAY),
        **_each("help\nhelp with\nhelp on\nhelp about", Intent.HELP),
        **_each("undo", Intent.UNDO),
        **_each("list\nlist all", Intent.LIST),
        **_each("invoices for\ninvoices of\nlist invoices for\nlist invoices of\nshow invoices for\nall invoices for\nstatement for\nstatement of\nhistory of\nhistory for\nlist for", Intent.LIST, "customer"),
        **_each("search\nfind\nsearch for\nlook for\nlook up\nproducts\nitems\nprice of\nprice for\nprices for\nprices of\nwhat is the price of\nwhat's the price of\nhow much is a\nhow much is an\nhow much for a\ndo i sell\nsearch products for", Intent.PRODUCTS),
        **_each("repeat\nrepeat last for\nrepeat for\nrepeat last invoice for\nrepeat last invoice to\nrepeat the last invoice for\nrepeat the last one for\nsame again for\nthe same again for\nsame for\nthe same for\nsame as last time for\nsame invoice for\nthe usual for\ncopy\nduplicate\nredo", Intent.REPEAT),
        **_each("language\nchange language to\nset language to\nswitch to\nswitch language to\nchange to language\nspeak\nspeak to me in\ntalk to me in\nwrite to me in\nwrite in\nreply in\nuse", Intent.LANGUAGE),
        **_each("stop reminding\nstop reminders for\nstop reminders to\nno reminders for\ndon't remind\ndo not remind\nmute", Intent.STOP, "reminders"),
        **_each("we agreed\nwe agreed on\nwe had agreed on\nwe said\nyou said\nyou told me", Intent.WRONG_AMOUNT),
        **_each("change\nedit\nmodify\nupdate\nset\namend\ncorrect the\nfix\nmake it\nchange it to\nmake that\nactually\nshould be\nit should be\ni mean\ni meant\ncorrect", Intent.CHANGE),
        **_each("how much does\nhow much do\nhow much is\nwhat does\nwhat is", Intent.WHO_OWES, "customer"),
    }),
    courtesies_before=_book(
        """
        please
        pls
        plz
        kindly
        can you
        can you please
        could you
        could you please
        would you
        would you please
        i want to
        i want you to
        i'd like to
        i would like to
        i need to
        i wanna
        let me
        let's
        lets
        help me
        help me to
        now
        also
        ok
        okay
        so
        and
        then
        hey hesabu
        hesabu
        i want
        i need
        sorry
        oops
        excuse me
        need to
        can u
        could u
        can u please
        can u pls
        would u
        abeg
        biko
        chale
        ebu
        howzit
        uh
        um
        uhm
        erm
        well
        hey there
        hi there
        good day
        sir
        madam
        boss
        my friend
        bonjour
        zdravo
        webale ssebo
        """
    ),
    courtesies_after=_book(
        """
        please
        pls
        plz
        thanks
        thank you
        asante
        asap
        now please
        for me
        for me please
        abeg
        kindly
        sir
        madam
        boss
        bro
        """
    ),
    greetings=_set("hi hello hey hallo hii jambo habari mambo sasa niaje vipi hujambo yo morning greetings good afternoon evening there yako dear"),
    question_starts=_set("how what why where when which who can do does is are am will would should could may"),
    mistyped=_set("products summary deposit repeat invoice status remind reminder cancel resend change settings paybill unpaid overdue help menu paid void"),
    not_mistyped=_set("invite invites invited involve involves voice novice invoke statue plaid voided stats mean men held hello hell paying pays pain laid said maid prepaid choice canal chance charge"),
    object_fillers=_set("invoice invoices bill number the no. no for of to about customer client the my on with"),
    all_words=_set("all everyone everybody them"),
    invoice_starts=Phrasebook(dict.fromkeys(_INVOICE_STARTS, True)),
    for_words=_set("for"),
    hesitations=_set("uh um uhm umm erm er hmm"),
    name_leads=_book("\n".join(_CUSTOMER_LEADS)),
    amount_leads=_book("amount\namount of\namount is\nthe amount\nthe amount is\nan amount of\nand the amount is\namounting to\nworth\nworth of\nthe sum of\na sum of\nsum of\ncosting\nthe cost is\ncost is\nthe price is\nprice is\nit is for\nit was\nwhich is"),
    to_words=_set("to from"),
    at_words=_set("at @ price"),
    each_phrases=_book("\n".join(_EACH)),
    times_words=_set("x × * times"),
    count_leads=_set("qty quantity"),
    and_words=_set("and & + plus"),
    total_phrases=_book("total\ntotal of\ntotal is\ntotals\ntotalling\ntotaling\nin total\nall together\naltogether\n="),
    units=_UNITS,
    numbered=_set("room rm no no. unit flat house hse apt plot block phase week form class grade term part size version level step chapter iphone samsung galaxy ps playstation nokia tecno infinix redmi xbox route lot door office suite shop stall table gate item ref model type channel studio floor quarter q1 windows"),
    name_links=_set("and & of the de da van von bin binti wa ole la el al st y"),
    labels={
        "name": "customer", "customer": "customer", "client": "customer", "customer name": "customer", "to": "customer",
        "bill to": "customer", "for": "description", "phone": "phone", "tel": "phone", "mobile": "phone", "phone number": "phone",
        "number": "phone", "whatsapp": "phone", "item": "description", "items": "", "description": "description",
        "service": "description", "product": "description", "details": "description", "amount": "", "price": "", "cost": "",
        "total": "", "due": "due", "due date": "due", "date due": "due", "vat": "", "discount": "",
    },
    phone_labels=_set("phone tel tel. telephone mobile mob cell number no no. whatsapp contact call on phone:"),
    polite_lines=_set("thanks thank you please pls plz asap regards kindly asante sana very so much merci abeg sir madam boss"),
    not_a_customer=_set("i i'm i've i'll we we've you he she they it this that the my your our a an if when why what how who where which can could would should do does did has have is are was were will sent paid send received got please thanks yes no ok not but so just need want sorry dear good from to for of on in at by with about"),
    tax_phrases=Phrasebook({
        **_taxes(
            """
            plus TAX
            plus % TAX
            plus TAX %
            plus TAX at %
            + TAX
            + % TAX
            + TAX %
            add TAX
            add % TAX
            and add TAX
            and TAX
            and TAX on top
            TAX on top
            with TAX on top
            TAX exclusive
            TAX excluded
            TAX excl
            TAX ex
            exclusive of TAX
            exclusive TAX
            excluding TAX
            excl TAX
            ex TAX
            excl of TAX
            excl TAX %
            excl % TAX
            excluding % TAX
            excluding TAX of %
            exclusive of % TAX
            exclusive of TAX of %
            TAX excl %
            TAX % excl
            TAX % exclusive
            TAX % excluded
            TAX % on top
            TAX % extra
            % TAX extra
            % TAX excluded
            % TAX exclusive
            not including TAX
            does not include TAX
            before TAX
            TAX extra
            TAX not included
            % TAX on top
            plus TAX of %
            """,
            TaxMode.EXCLUSIVE,
        ),
        **_taxes(
            """
            TAX inclusive
            TAX incl
            TAX inc
            TAX included
            % TAX included
            % TAX inclusive
            inclusive of TAX
            inclusive TAX
            including TAX
            including % TAX
            includes TAX
            incl TAX
            inc TAX
            incl of TAX
            incl TAX %
            incl % TAX
            including TAX of %
            including TAX %
            inclusive of % TAX
            inclusive of TAX of %
            TAX incl %
            TAX % incl
            TAX % inclusive
            TAX % included
            TAX % inside
            TAX in
            with TAX included
            with TAX inside
            after TAX
            """,
            TaxMode.INCLUSIVE,
        ),
        **_taxes(
            """
            no TAX
            without TAX
            TAX exempt
            exempt from TAX
            TAX free
            TAX-free
            zero TAX
            not TAX registered
            no TAX on it
            0% TAX
            """,
            TaxMode.NONE,
        ),
        **_taxes("with TAX\nwith % TAX\n% TAX\nTAX %\nTAX at %\nTAX of %", None),
    }),
    tax_words={
        **dict.fromkeys(("inclusive", "included", "inside", "in", "incl", "inc", "including", "with"), TaxMode.INCLUSIVE),
        **dict.fromkeys(("exclusive", "excluded", "top", "extra", "plus", "add", "excl", "excluding", "+"), TaxMode.EXCLUSIVE),
        **dict.fromkeys(("no", "none", "without", "exempt", "zero", "not", "nope", "nil", "0"), TaxMode.NONE),
    },
    discount_before=_book("less\nless discount\nless discount of\nless a discount of\ndiscount\ndiscount of\ndiscount is\ndisc\nminus\nwith discount\nwith a discount of\nwith discount of\nless a\nwith a\ngive discount\ngive discount of\ngive\ndiscounted by\na discount of\ndeduct", weak="less a\nwith a\ngive"),
    discount_after=_book("off\ndiscount\ndisc\noff the total\nless\ndiscounted"),
    due_leads=_book("du\ndu on\ndu by\ndue\ndue on\ndue by\ndue date\ndue date is\ndue in\ndue is\nis due\nto be paid by\nto be paid on\nto be paid in\npaid by\npay by\npay on\nto pay by\npays by\npays on\npayable by\npayable on\npayable in\npayable\npayable within\npayment due\npayment by\npayment on\ndeadline\nby\nbefore\nexpected\nexpected on\nexpected by\ndue before\nthe due date is\nand the due date is\nand due date is\ndue not later than\npayment terms\npayment term\nterms of payment\nand pay by\nto pay before\nto be paid before\nnot later than\nlatest\nby latest\nand due\nand is due\nterms\npayment in\nneeded by\nrequired by\nдо"),
    due_words=_set("due payable deadline"),
    months={
        "january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5, "june": 6, "jun": 6,
        "july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9, "october": 10, "oct": 10, "november": 11,
        "nov": 11, "december": 12, "dec": 12,
    },
    weekdays={
        "monday": 0, "mon": 0, "tuesday": 1, "tue": 1, "tues": 1, "wednesday": 2, "wed": 2, "weds": 2, "thursday": 3, "thu": 3,
        "thur": 3, "thurs": 3, "friday": 4, "fri": 4, "saturday": 5, "sat": 5, "sunday": 6, "sun": 6,
        "wednsday": 2, "wendesday": 2, "thurday": 3, "firday": 4, "freiday": 4, "saterday": 5, "tusday": 1,
    },
    day_phrases=Phrasebook({
        "today": "today", "tonight": "today", "now": "today", "immediately": "today", "on receipt": "today",
        "upon receipt": "today", "receipt": "today", "asap": "today", "this evening": "today",
        "tomorrow": "tomorrow", "tmrw": "tomorrow", "tmr": "tomorrow", "tommorow": "tomorrow", "tomorow": "tomorrow",
        "tommorrow": "tomorrow", "tomorrow morning": "tomorrow", "tomorrow evening": "tomorrow", "2moro": "tomorrow",
        "the day after tomorrow": "day_after_tomorrow", "day after tomorrow": "day_after_tomorrow", "yesterday": "yesterday",
        "end of month": "end_of_month", "end of the month": "end_of_month", "end of this month": "end_of_month",
        "end month": "end_of_month", "month end": "end_of_month", "month-end": "end_of_month", "eom": "end_of_month",
        "end-month": "end_of_month", "the end of the month": "end_of_month", "the end of month": "end_of_month",
        "the end of this month": "end_of_month", "end of next month": "end_of_next_month",
        "the end of next month": "end_of_next_month", "end of week": "end_of_week", "end of the week": "end_of_week",
        "end of this week": "end_of_week", "the end of the week": "end_of_week", "eow": "end_of_week", "this week": "end_of_week",
        "this month": "end_of_month", "end of year": "end_of_year", "end of the year": "end_of_year",
        "next week": "next_week", "a week": "next_week", "next month": "next_month", "fortnight": "fortnight",
        "a fortnight": "fortnight", "in a fortnight": "fortnight", "end of": "end_of", "the end of": "end_of", "end": "end_of",
        "first of next month": "first_of_next_month", "the first of next month": "first_of_next_month",
    }),
    in_words=_set("in within after net"),
    next_words=_set("next nxt nex"),
    this_words=_set("this coming"),
    last_words=_set("last"),
    newest_words=_set("last latest newest recent"),
    on_words=_set("on by : - is the of , at"),
    of_words=_set("of"),
    spans={
        "day": "day", "days": "day", "dys": "day", "week": "week", "weeks": "week", "wks": "week", "wk": "week",
        "month": "month", "months": "month", "mths": "month", "year": "year", "years": "year",
        "day's": "day", "days'": "day",
    },
    ordinal_endings=_set("st nd rd th"),
    small_numbers={
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
        "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    },
    tens={
        "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    },
    multipliers={
        "hundred": 100, "thousand": 1000, "thousands": 1000, "thou": 1000, "k": 1000, "grand": 1000, "million": 1_000_000,
        "millions": 1_000_000, "mil": 1_000_000, "mln": 1_000_000, "billion": 1_000_000_000,
    },
    suffixes={"k": 1000, "m": 1_000_000, "mil": 1_000_000, "mln": 1_000_000, "bn": 1_000_000_000, "b": 1_000_000_000, "grand": 1000},
    half_words=_set("half"),
    one_words=_set("a an one"),
    vague_words=_set("about around approx approximately roughly almost nearly circa abt"),
    unreadable=_set("nan inf infinity -inf +inf -infinity infinite"),
    only_words=_set("only"),
    methods={
        "cash": "cash", "mpesa": "mpesa", "m-pesa": "mpesa", "pesa": "mpesa", "till": "mpesa", "paybill": "mpesa", "lipa": "mpesa",
        "bank": "bank", "transfer": "bank", "eft": "bank", "eft'd": "bank", "eftd": "bank", "momo'd": "momo", "wired": "bank", "rtgs": "bank", "pesalink": "bank", "deposit": "bank",
        "cheque": "cheque", "check": "cheque", "card": "card", "visa": "card", "mastercard": "card", "airtel": "airtel",
        "paypal": "paypal", "mobile": "mpesa", "momo": "momo", "ecocash": "momo", "mtn": "momo", "zelle": "bank",
    },
    code_labels=_set("code ref reference transaction receipt confirmation id txn trx no number"),
    paid_words=_set("paid pays payed settled cleared"),
    received_words=_set("received got"),
    i_words=_set("i i've i'v ive we we've have already just hi hello am done"),
    invoice_givers=_set("send give create make write do prepare issue raise"),
    first_person=_set("i i've ive i'v we we've am"),
    setup_words=Phrasebook({
        "account number": "bank", "account no": "bank", "acc number": "bank", "acc no": "bank", "acct number": "bank",
        "account details": "bank", "iban": "bank", "momo": "phone", "mobile money": "phone", "airtel money": "phone",
        "till": "till", "buygoods": "till", "buy": "till", "paybill": "paybill", "pay-bill": "paybill", "pay bill": "paybill",
        "pochi": "phone", "send": "phone", "mpesa": "phone", "m-pesa": "phone", "bank": "bank", "a/c": "bank",
    }),
    setup_fillers=_set("at with my our the is set add use new change update to number no no. nambari for on pay me via it : = # - la biashara buy goods send money name and a"),
    account_words=_set("account acc acct a/c ac c"),
    wants_to_pay=_book("wants to pay\nwant to pay\nwould like to pay\nwishes to pay\nneeds to pay\nasks to pay\nis asking to pay\nwants to pay me\nwants to pay us\ncan only pay\nwants to deposit\nwants to pay a deposit\nwants to pay a deposit of\nwants to pay deposit\nwants to pay deposit of\nis able to pay"),
    promise_starts=_book("can i pay\ncan we pay\ncould i pay\nmay i pay\ncan i clear\ncan i pay you\ncan i pay it\nis it ok if i pay\nis it okay if i pay\nok if i pay\ngive me till\ngive me until\ngive me up to\ngive me\ngive us till\ngive us until\ngive us\nwait till\nwait until\nplease wait till\nlet me pay you\nremind me\nremind me on\ni will only be able to pay\ni'll be able to pay\ni will be able to pay\nwill pay you\ni will pay you\ni'll pay you\ni will pay it\ni'll pay it\ni get paid\nnot now i will pay\ni have no money until\nno money until\ni will pay\ni'll pay\nill pay\ni shall pay\nwill pay\nwe will pay\nwe'll pay\ni promise to pay\ni can pay\ni am paying\ni'm paying\nim paying\ni will send\ni'll send\ni will send the money\ni'll send the money\ni will clear\ni'll clear\npaying\ni will settle\ni'll settle\nlet me pay\nexpect payment\nto pay", weak="to pay\ncan i pay\ncan we pay\ncould i pay\nmay i pay\ncan i clear\ncan i pay you\ncan i pay it\nis it ok if i pay\nis it okay if i pay\nok if i pay\ngive me till\ngive me until\ngive me up to\ngive me\ngive us till\ngive us until\ngive us\nwait till\nwait until\nplease wait till\nlet me pay\nlet me pay you\nremind me\nremind me on\npaying\ni get paid\ni have no money until\nno money until\ni can pay\nexpect payment"),
    change_fields={
        "amount": "amount", "price": "amount", "total": "amount", "cost": "amount", "due": "due", "due date": "due", "date": "due",
        "deadline": "due", "phone": "phone", "phone number": "phone", "number": "phone", "name": "customer", "customer": "customer",
        "client": "customer", "customer name": "customer", "description": "description", "item": "description", "items": "description",
        "line": "description", "lines": "description", "product": "description", "deposit": "deposit", "email": "email", "e-mail": "email", "quantity": "quantity", "qty": "quantity", "discount": "discount", "vat": "tax", "tax": "tax",
        "language": "language",
    },
    languages={"english": "en", "kiingereza": "en", "en": "en", "swahili": "sw", "kiswahili": "sw", "sw": "sw"},
    yes=_set("yes y yeah yep yup ok okay sure confirm confirmed correct right true 1 ndio ndiyo sawa 👍 ✅ 👌 send agree accept fine good proceed"),
    no=_set("no n nope nah not wrong incorrect false 2 hapana la 👎 ❌ cancel don't dont never"),
    its_words=_set("her his their the this that my its"),
    documents_words=_set("invoices bills"),
    repeat_ends=_book("again\nthe same\nthe same again\nsame again\nsame as last time\nthe same as last time\nas last time\nlike last time\nas before\nsame as before\nthe same as before\nthe usual\nas usual\nsame as last month\nsame as last week\nthe same amount"),
    article_words=_set("a an the new another"),
    the_words=_set("the"),
    day_words=_set("on"),
    net_words=_set("net"),
    or_words=_set("or"),
    is_words=_set("is of"),
    nobody=_set("me him her them it someone somebody customer client a an the my of this that us"),
    owe_words=_set("owe owes owing"),
    owes_me=_book("owes me\nowes us\nowe me\nis owing me\nis owing us\ndey owe me\ndey owe us\nowes\nis owing", weak="owes\nis owing"),
    document_words=_set("invoice bill"),
    number_words=_set("no no. number num"),
    after_object=_set("not again please pls plz abeg kindly now to today paid pay yet payed owe owes me us"),
    send_words=_set("send resend"),
    pay_words=_set("pay"),
    sent_words=_set("sent transferred deposited wired brought eft eft'd eftd momoed momo'd"),
    mark_words=_set("mark set record"),
    payment_words=_set("payment"),
    auxiliaries=_set("has have just already fully is still finally now don more extra"),
    have_words=_set("don"),
    not_words=_set("not hasn't hasnt haven't havent never didn't didnt isn't isnt ain't aint no yet"),
    waiting_words=_set("give wait please is remind expect not no i"),
    paid_fillers=_set("the full in fully it you your now just already from by via using through is was as has have been money amount payment and a today yesterday sent here to"),
    change_fillers=_set("the my its it to of for invoice's"),
    change_links=_set("to is be as on into from"),
    answer_fillers=_set("it's its it is the that's thats that was amount price total only just for kes to be of a make"),
    name_fillers=_set("it's its it is name customer client : my the"),
    description_leads=_set("again for of worth being is and & + to - as"),
    description_ends=_set("again for of and & + at is to - with due"),
    possessive_endings=_set("'s s'"),
    deposit_before=_book("deposit\ndeposit of\na deposit of\nwith deposit\nwith deposit of\nwith a deposit of\nand a deposit of\ndeposit is\nupfront\nup front\ndown payment\ndown payment of\nwith a down payment of\nupfront payment of\nwith", weak="with"),
    balance_phrases=_book("\n".join(_BALANCES)),
    deposit_after=_book("\n".join(_PART_NOW) + "\ndeposit\ndeposit first\nas deposit\nas a deposit\ndeposit required\ndeposit now\ndeposit to start\ndeposit to begin\nupfront\nup front\ndown\ndown payment\nin advance\nadvance\nbefore we start\nbefore i start\nto start\nto begin"),
    shares=Phrasebook({"half": 50, "a half": 50, "half of it": 50, "quarter": 25, "a quarter": 25}),
    percent_words=_book("percent\nper cent\npct\n%"),
    correction_leads=_book("no\nno no\nsorry\noops\nwait\nwrong\nnot that\nthat's wrong\nthats wrong\nmy bad\nmy mistake\nno sorry\nsorry no\ncorrection\nactually\ni mean\ni meant\nmake it\nmake that\nit should be\nshould be\nchange it to\nchange that to\nit's\nits\nthe amount is\nthe price is\ntotal is\nthe total is"),
    plural_endings={"ies": "i", "y": "i", "sses": "ss", "ss": "ss", "es": "", "s": "", "e": ""},
    channels={"sms": "sms", "text": "sms", "message": "sms", "email": "email", "e-mail": "email", "mail": "email", "whatsapp": "whatsapp", "wa": "whatsapp"},
    channel_leads=_set("by via on through with over as an to in"),
    instead_words=_set("instead rather please now then thanks"),
    common_words=_set("the a an of for to and is are in on at by my me i you it this that with from has have was not do how what who when please thanks due next day days week each off less plus paid owes will can"),
)  # fmt: skip
