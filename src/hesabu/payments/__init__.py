"""Payments: asking for money, and knowing that it came.

Hesabu holds no money. Every shilling goes from the customer to the business's own paybill, till,
phone or bank; this room asks for it, hears of it, and says so once.

Its words
    account      a place where the business receives money, and how a customer reaches it
    purpose      what money is for: a kind and an id that this room carries and never reads
    collection   one request for money: a prompt on a customer's phone
    payment      money that came, unique on its receipt
    claim        a customer's word that they paid, waiting for the merchant's
    listening    how the business hears of money sent to an account by hand: the provider's tidings, and its list
    twin         a prompt's money, and as much that the merchant had counted by their word: is it the same?
    suspense     where money without a purpose waits until a person, or what its payer typed, places it

The life of a collection

    prepared ── ask ──▶ asked                  the provider took it, a phone rings
    prepared ── doubt ──▶ uncertain            the answer was lost on its way
    uncertain ── ask ──▶ asked                 it was found after all
    prepared, asked, uncertain, expired ── fail ──▶ failed
    asked, uncertain ── expire ──▶ expired     asked for days, never answered
    prepared, asked, uncertain, failed, expired ── settle ──▶ settled

A request is first written down (prepared), then sent while no transaction is open, then the
answer is written down. If the answer is lost, nobody knows whether a phone rang: that is a state
of its own, uncertain, and a job asks the provider again, on a schedule, until it knows. It never
guesses. Where the provider has forgotten the request (or calls it paid and names no receipt), and the business gave the
keys for it, its books are looked into; their answer comes as a letter by the request's own path. Money that came wins over everything believed before: a failed request can be settled, and
a failure that M-PESA also tells when it has only lost patience is checked once more.

The life of a payment and of a claim

    settled ── unplace ──▶ unplaced          made ── confirm ──▶ confirmed
    unplaced ── place ──▶ placed             made ── reject ──▶ rejected
    settled, unplaced, placed ── reverse ──▶ reversed
    settled ── unplace ──▶ unplaced            what it was for cannot take it
    confirmed ── withdraw ──▶ rejected         the payment it was counted as never came after all

Money that only the merchant's word stands for (no letter, no request) may be withdrawn: each of its entries is answered by
its reversal, and the owner of the purpose gives back what it had taken, in the same transaction. A claim that had been
counted as it is rejected with it, so that its code may be claimed again.

Tidings are lost, and the provider does not bring them again. So its list of the last two days is read every hour, and after
the house was down: each row of it becomes a letter in the words of the confirmation that was lost, and goes the same way. A row
that tells of a known receipt with another amount is set before a person; what nobody could read, because the house was down for
longer than the list reaches, is written down as missed. A number that two businesses here collect by, be it by
tills below it, is not read: its list does not say whose money it shows.

A prompt's money that is as much as the merchant had counted by their word, for the same and within the day, waits in suspense

    asked ── join ──▶ same       what was counted by word is taken back, and the prompt's stands in its place
    asked ── part ──▶ other      both stand

until they say; its code, told meanwhile, counts nothing. A callback that answers nothing we asked counts nothing; where it
tells of money, the provider's books and its list are asked for the receipt, and their word is a confirmation.

What it never does
    It never hears of invoices: it publishes PaymentSettled, and whoever owns the purpose books it.
    It never counts a receipt twice, and never drops money because it is late, short, over or odd.
    It never believes an unsigned callback that does not answer a request of ours: it asks first.
    It never holds a transaction across the network, and never sends money out while the
    `payments.money_out` switch is off.
"""
