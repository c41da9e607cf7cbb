"""Every write of this room, one verb per file. A door opens the binding; an action writes in it."""

from hesabu.payments.actions.accounts import add_account, close_account, stop_change
from hesabu.payments.actions.ask import begin_asking, record_outcome
from hesabu.payments.actions.ask_again import begin_asking_again, record_answer
from hesabu.payments.actions.claim import claim, reject
from hesabu.payments.actions.collect import collect
from hesabu.payments.actions.confirm import confirm
from hesabu.payments.actions.erase import erase_payer
from hesabu.payments.actions.listing import begin_listing, read_list, record_listed
from hesabu.payments.actions.place import place, place_typed
from hesabu.payments.actions.record import record
from hesabu.payments.actions.register import (
    check_keys,
    listen,
    look_up,
    open_list,
    register_account,
    try_keys,
)
from hesabu.payments.actions.settle import settle_one, settle_waiting
from hesabu.payments.actions.twins import decide_twin
from hesabu.payments.actions.unplace import unplace
from hesabu.payments.actions.withdraw import withdraw

__all__ = [
    "add_account",
    "begin_asking",
    "begin_asking_again",
    "begin_listing",
    "check_keys",
    "claim",
    "close_account",
    "collect",
    "confirm",
    "decide_twin",
    "erase_payer",
    "listen",
    "look_up",
    "open_list",
    "place",
    "place_typed",
    "read_list",
    "record",
    "record_answer",
    "record_listed",
    "record_outcome",
    "register_account",
    "reject",
    "settle_one",
    "settle_waiting",
    "stop_change",
    "try_keys",
    "unplace",
    "withdraw",
]
