"""What invoicing refuses, with the words to say and what to do next."""

from hesabu.kit.errors import Invalid, NotFound, Refused


class InvoiceNotFound(NotFound):
    code = "invoice.not_found"
    title = "There is no such invoice."
    hint = "Check its number, such as INV-0007."


class CustomerNotFound(NotFound):
    code = "customer.not_found"
    title = "There is no such customer."
    hint = "Say the name as you wrote it on the invoice."


class ItemNotFound(NotFound):
    code = "item.not_found"
    title = "There is no such item."
    hint = "Look at your list of items."


class CreditNoteNotFound(NotFound):
    code = "credit_note.not_found"
    title = "There is no such credit note."
    hint = "Check its number, such as CN-0001."


class CustomerNameMissing(Invalid):
    code = "customer.name_missing"
    title = "Who is it for?"
    hint = "Give the customer's name, as it should stand on the invoice."


class CustomerAmbiguous(Refused):
    code = "customer.ambiguous"
    title = "More than one customer has that name."
    hint = "Add the telephone number, so that the right one gets it."


class CustomerDetailBad(Invalid):
    code = "customer.detail_bad"
    title = "That detail does not work."
    hint = "Keep it below 300 letters."


class PhoneTaken(Refused):
    code = "customer.phone_taken"
    title = "Another customer has that telephone number."
    hint = "Invoice that customer, or correct the number."


class LinesMissing(Invalid):
    code = "invoice.lines_missing"
    title = "There is nothing on the invoice yet."
    hint = "Say what it is for and how much, such as: 75,000 for logo design."


class LinesTooMany(Invalid):
    code = "invoice.lines_too_many"
    title = "That is more lines than one invoice holds."
    hint = "Split it into two invoices."


class DescriptionBad(Invalid):
    code = "invoice.description_bad"
    title = "Say in a few words what it is for."
    hint = "Up to 500 letters, such as: logo design."


class QuantityBad(Invalid):
    code = "invoice.quantity_bad"
    title = "That quantity does not work."
    hint = "Give a number above zero, up to 1,000,000, with at most six decimals."


class PriceBad(Invalid):
    code = "invoice.price_bad"
    title = "That price does not work."
    hint = "Give an amount that is not below zero, such as 75,000."


class DiscountBad(Invalid):
    code = "invoice.discount_bad"
    title = "That discount does not work."
    hint = "Take off an amount below the total, or a share such as 5 %."


class TotalBad(Invalid):
    code = "invoice.total_bad"
    title = "The total must be above zero, and below a trillion."
    hint = "Look at the prices, the quantities and the discount."


class DepositBad(Invalid):
    code = "invoice.deposit_bad"
    title = "That deposit does not work."
    hint = "Ask for an amount below the total, or a share such as 50 %."


class CurrencyBad(Invalid):
    code = "invoice.currency_bad"
    title = "One invoice is in one currency."
    hint = "Give all amounts in the currency of the business."


class TaxModeBad(Invalid):
    code = "invoice.tax_mode_bad"
    title = "Say whether tax is on top, included, or not charged."
    hint = "Use exclusive, inclusive or none."


class TaxNotRegistered(Invalid):
    code = "invoice.tax_not_registered"
    title = "This business is not registered for VAT, so it may not charge it."
    hint = "Leave the tax away, or add the tax number in the settings of the business."


class SellerTaxIdMissing(Refused):
    code = "invoice.seller_tax_id_missing"
    title = "An invoice with tax must show your tax number, and it is not known yet."
    hint = "Write “settings”, choose tax registration and give it; then send the invoice."


class SellerVatNumberMissing(Refused):
    code = "invoice.seller_vat_number_missing"
    title = "An invoice with tax must show the number of your VAT registration, and it is not known yet."
    hint = "Write “settings”, choose tax registration and give it; then send the invoice."


class SellerAddressMissing(Refused):
    code = "invoice.seller_address_missing"
    title = "An invoice with tax must show your address, and it is not known yet."
    hint = "Write “settings”, choose tax registration and give it; then send the invoice."


class TaxCodeUnknown(Invalid):
    code = "tax.code_unknown"
    title = "That kind of tax is not known here."
    hint = "Use standard, zero or exempt."


class TaxRateUnknown(Invalid):
    code = "tax.rate_unknown"
    title = "No tax rate is known for that day."
    hint = "Choose a later day."


class DueDayBad(Invalid):
    code = "invoice.due_day_bad"
    title = "That due day does not work."
    hint = "Choose today or a later day, within ten years."


class DueDayPassed(Refused):
    code = "invoice.due_day_passed"
    title = "The due day of this draft has passed."
    hint = "Choose a new due day, then send it."


class DraftChanged(Refused):
    code = "invoice.draft_changed"
    title = "This draft has changed since you saw it."
    hint = "Look at it again, then send it."


class DraftOutdated(Refused):
    code = "invoice.draft_outdated"
    title = "The tax on this draft has changed since it was made."
    hint = "Look at the new total, then send it."


class NotADraft(Refused):
    code = "invoice.not_a_draft"
    title = "This invoice has been issued and does not change any more."
    hint = "Credit it and write a new one."


class NotIssued(Refused):
    code = "invoice.not_issued"
    title = "This invoice has not been issued yet."
    hint = "Issue it first."


class VoidRefused(Refused):
    code = "invoice.void_refused"
    title = "This invoice can't be voided any more."
    hint = "Money or a credit note is on it: credit what is left instead."


class CreditRefused(Refused):
    code = "invoice.credit_refused"
    title = "That can't be credited."
    hint = "Only what is on an issued invoice and was not credited before can be."


class NoCredit(Refused):
    code = "customer.no_credit"
    title = "This customer has no credit to use."
    hint = "Credit comes from money paid beyond an invoice."


class NothingOwed(Refused):
    code = "invoice.nothing_owed"
    title = "Nothing is owed on this invoice."
    hint = "Look at where it stands."


class InvoiceTakenBack(Refused):
    code = "invoice.taken_back"
    title = "This invoice was taken back."
    hint = "Write a new one."


class PromiseDayBad(Invalid):
    code = "promise.day_bad"
    title = "That day does not work."
    hint = "Choose today or a later day, within a year."


class RemindedToday(Refused):
    code = "reminder.today_already"
    title = "The customer was reminded of this invoice today."
    hint = "Remind them again tomorrow."


class ResentOften(Refused):
    code = "invoice.resent_often"
    title = "This invoice was sent again often enough today."
    hint = "Send it again tomorrow, or pass the link on yourself."


class ReminderUnwanted(Refused):
    code = "reminder.unwanted"
    title = "This customer asked not to be reminded."
    hint = "Call them, or wait until they write."


class NoWayToReach(Refused):
    code = "customer.no_way_to_reach"
    title = "There is no number or address to send it to."
    hint = "Add the customer's telephone number, or pass the link on yourself."


class HabitUnknown(NotFound):
    code = "habit.unknown"
    title = "There is no such habit."
    hint = "Look at the list of what is done by itself."


class HabitBad(Invalid):
    code = "habit.bad"
    title = "It can't be set like that."
    hint = "Look at how it is set now, and write it in the same way."


class CreditedSince(Refused):
    code = "invoice.credited_since"
    title = "A credit note was written since, so that money is the customer's credit by now."
    hint = (
        "Leave it as it is, or invoice the customer for what never came and use the credit for it."
    )


class CreditUsed(Refused):
    code = "customer.credit_used"
    title = "What was paid beyond the invoice has paid for something else by now."
    hint = "Take that back first, then this."


class ReplacesNothing(Refused):
    code = "invoice.replaces_nothing"
    title = "The invoice that this one was to replace has been taken back meanwhile."
    hint = "Cancel this draft. If it is still to be paid, write it as a new invoice."


class CustomerOwes(Refused):
    code = "customer.owes"
    title = "Something is still open with this customer."
    hint = "Have it paid, credit it, or use up their credit; then they can be forgotten."
