"""What payments refuses, each with the next thing to do."""

from hesabu.kit.errors import Invalid, NotFound, Refused, Unavailable


class ChangeNotFrozen(Refused):
    code = "payments.change_not_frozen"
    title = "That change has taken effect, or was stopped."
    hint = "Look at how you are paid, and change it again."


class AccountNotFound(NotFound):
    code = "payments.account_not_found"
    title = "There is no such payment account."
    hint = "Open the list of payment accounts and choose one of those."


class NoWayToCollect(Refused):
    code = "payments.no_way_to_collect"
    title = "This business cannot send M-PESA prompts yet."
    hint = "Add a paybill or till with its M-PESA API keys, or pay the ways shown on the invoice."


class AccountIncomplete(Invalid):
    code = "payments.account_incomplete"
    title = "Something about this payment account is missing or wrong."
    hint = "Check the number and the keys against what Safaricom gave you."


class WayNotInCountry(Refused):
    code = "payments.way_not_in_country"
    title = "Nobody can pay you like that in your country."
    hint = "Give your bank and the number of your account, written like this: bank NAME 0123456789"


class CollectionNotFound(NotFound):
    code = "payments.collection_not_found"
    title = "There is no such payment request."
    hint = "Open the invoice to see its payment requests."


class AlreadyAsked(Refused):
    code = "payments.already_asked"
    title = "The M-PESA prompt is already sent."
    hint = "Check the phone. If nothing shows, try again in two minutes."


class KeyReused(Refused):
    code = "payments.key_reused"
    title = "This key was used for something else."
    hint = "Use a new key for a new request."


class AmountNotWhole(Invalid):
    code = "payments.amount_not_whole"
    title = "M-PESA takes whole shillings only."
    hint = "Ask for an amount without cents."


class AmountOutOfRange(Invalid):
    code = "payments.amount_out_of_range"
    title = "M-PESA cannot take that amount at once."
    hint = "One prompt takes from KES 1 to KES 250,000."


class AmountNotPositive(Invalid):
    code = "payments.amount_not_positive"
    title = "A payment must be more than nothing."
    hint = "Say how much was paid, for example 1500."


class AmountMissing(Invalid):
    code = "payments.amount_missing"
    title = "How much was paid is not known."
    hint = "Say the amount when you confirm."


class CurrencyNotTaken(Invalid):
    code = "payments.currency_not_taken"
    title = "That currency cannot be paid this way."
    hint = "M-PESA in Kenya takes Kenyan shillings (KES)."


class PhoneNotTaken(Invalid):
    code = "payments.phone_not_taken"
    title = "M-PESA prompts go to Kenyan mobile numbers only."
    hint = "Use a number such as 0712 345 678."


class ReferenceNotTaken(Invalid):
    code = "payments.reference_not_taken"
    title = "That reference cannot be shown on the payer's phone."
    hint = "Use up to 12 letters and digits."


class CodeNotRead(Invalid):
    code = "payments.code_not_read"
    title = "That does not look like an M-PESA code."
    hint = "It has ten letters and digits, for example SKL4T7QX2P, at the start of the message."


class CodeAlreadyUsed(Refused):
    code = "payments.code_already_used"
    title = "That M-PESA code is already counted."
    hint = "Each code counts once. Check the code, or open the payment it belongs to."


class ClaimNotFound(NotFound):
    code = "payments.claim_not_found"
    title = "There is no such claim."
    hint = "It may have been answered already; open the invoice."


class PaymentNotFound(NotFound):
    code = "payments.payment_not_found"
    title = "There is no such payment."
    hint = "Open the list of money without an owner."


class AlreadyPlaced(Refused):
    code = "payments.already_placed"
    title = "This payment already has an owner."
    hint = "Open the invoice it was placed on."


class TwinAnswered(Refused):
    code = "payments.twin_answered"
    title = "That was answered already, the other way."
    hint = "Look at the invoice: each of its payments stands there, and one counted by hand can be taken back."


class NotByHand(Refused):
    code = "payments.not_by_hand"
    title = "M-PESA itself told of this money, so it stays counted."
    hint = "If it should go back to the customer, send it back by M-PESA and credit the invoice."


class ReceivedInFuture(Invalid):
    code = "payments.received_in_future"
    title = "Money cannot have come on a day that is not here yet."
    hint = "Use today or an earlier day."


class ProviderSwitchedOff(Unavailable):
    code = "payments.switched_off"
    title = "Payments by M-PESA are switched off for the moment."
    hint = "Nothing was sent. Try again later, or pay another way shown on the invoice."
