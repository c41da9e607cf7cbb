"""What may be done with the books, and by whom."""

from hesabu.identity.permissions import BOOKKEEPERS, permission
from hesabu.identity.types import Role

BOOK_READ = permission("book:read", to=BOOKKEEPERS | {Role.VIEWER}, words="See the books")
BOOK_LOCK = permission("book:lock", to=BOOKKEEPERS, words="Close periods of the books")
