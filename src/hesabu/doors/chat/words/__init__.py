"""Every sentence the clerk says in chat, in the reader's language. Nothing here looks anything up or decides anything.

Short, warm, exact: what happened, with its number and its amount, and what can be done next. A star makes bold.

Each module holds the words of one thing: `words.asking.who_is_it_for()`.
"""

from hesabu.doors.chat.words import (
    approving,
    asking,
    bills,
    figures,
    habits,
    house,
    joining,
    money,
    pictures,
    reminding,
    selling,
    sending,
    standing,
    stepping,
    support,
    talk,
    undoing,
    welcome,
    working,
)

__all__ = [
    "approving",
    "asking",
    "bills",
    "figures",
    "habits",
    "house",
    "joining",
    "money",
    "pictures",
    "reminding",
    "selling",
    "sending",
    "standing",
    "stepping",
    "support",
    "talk",
    "undoing",
    "welcome",
    "working",
]
