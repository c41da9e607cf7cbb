"""The merchant's acts, by what they are about. Each module says which words (`INTENTS`) and which taps (`TAPS`) it answers;
`merchant` puts them together.

    finding       which invoice is meant: by its number, by the message that is quoted, by a name, or chosen from a list
    drafting      a new invoice, its preview, Send, one more like it
    changing      a draft changes; what was issued is replaced
    looking       lists, where one stands, who owes, how the day went
    reminding     one, one of somebody's, or all that are late
    resending     once more, and by which way
    papers        the PDF to the seller, the receipt to the customer
    parts         a customer wants to pay some of it first
    taking_back   a draft is dropped; what was issued is voided or credited, asked first
    undoing       the last act of this person, within ten minutes
    money         paid, claimed, placed
    selling       what is sold, and its prices
    house         the business's own affairs

An act that can be asked for about one invoice has a tap of the same meaning, so that a list of invoices to choose from
carries the act itself: "remind Jane" shows her open invoices, and the tap on one reminds.
"""
