"""What may be done with the books, and by whom."""

from hesabu.identity.permissions import ACCOUNTANTS, permission
from hesabu.identity.types import Role

BOOK_READ = permission("book:read", to=ACCOUNTANTS | {Role.VIEWER}, words="See the books")
BOOK_LOCK = permission("book:lock", to=ACCOUNTANTS, words="Close periods of the books")
