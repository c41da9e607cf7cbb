"""The conversations that take more than one message, each a generator that reads like the conversation.

Importing this package declares them. A flow holds no rows and no values of the rooms, only plain ones: what it must know
it looks up through `chat.look`, what it changes it does through `chat.act`, both at the desk it was begun at.
"""

from hesabu.doors.chat.flows import (
    billing,
    changing,
    guarding,
    house,
    invoicing,
    logo,
    proving,
    receiving,
    selling,
    signing_up,
)

__all__ = [
    "billing",
    "changing",
    "guarding",
    "house",
    "invoicing",
    "logo",
    "proving",
    "receiving",
    "selling",
    "signing_up",
]
