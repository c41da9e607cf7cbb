"""Files: kept sealed, for one business."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection

from hesabu.kit import ids
from hesabu.store import files, tenancy
from hesabu.store.files import File, FileNotFound

PAPER = b"%PDF-1.7 Jane Wanjiku, KES 75,000.00" * 100


def kept(business_id: UUID, content: bytes = PAPER) -> UUID:
    with tenancy.bound(business_id):
        return files.keep(content, "application/pdf", "INV-0001.pdf")


@pytest.mark.parametrize("content", [PAPER, b"", b"\x00\xff" * 500_000])
def test_a_file_comes_back_as_it_was(business_id: UUID, content: bytes) -> None:
    file_id = kept(business_id, content)
    with tenancy.bound(business_id):
        assert files.read(file_id) == File(content, "application/pdf", "INV-0001.pdf")


def test_what_is_at_rest_does_not_hold_the_text(business_id: UUID) -> None:
    file_id = kept(business_id)
    with tenancy.bound(business_id), connection.cursor() as cursor:
        cursor.execute("SELECT content, size_bytes FROM store_file WHERE id = %s", (file_id,))
        content, size_bytes = cursor.fetchone()
    assert b"Jane" not in bytes(content)
    assert size_bytes == len(PAPER)


def test_another_business_does_not_find_it(new_business: Callable[..., UUID]) -> None:
    file_id = kept(new_business())
    for who in (new_business(), tenancy.HOUSE):
        with tenancy.bound(who), pytest.raises(FileNotFound):
            files.read(file_id)


def test_the_house_keeps_files_too_and_a_business_does_not_see_them(business_id: UUID) -> None:
    with tenancy.house():
        file_id = files.keep(b"x", "image/png", "logo.png")
        assert files.read(file_id).content == b"x"
        with tenancy.bound(business_id), pytest.raises(FileNotFound):
            files.read(file_id)


def test_a_file_that_is_not_there_is_said_so(business_id: UUID) -> None:
    with tenancy.bound(business_id), pytest.raises(FileNotFound):
        files.read(ids.new_id())
