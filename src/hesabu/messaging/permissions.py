"""What may be done in messaging, and by whom. What is said follows from acts of other rooms, which are asked for there."""

from hesabu.identity.permissions import EVERYBODY, permission

MESSAGE_READ = permission(
    "message:read", to=EVERYBODY, words="See what was sent, and whether it arrived"
)
