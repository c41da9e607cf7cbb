"""The live process as browsers meet it: a real process, a real socket, a real database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.live_process import Live, live_process
from doors.web.conftest import new_shop, shop

__all__ = ["new_shop", "shop"]
pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(scope="module")
def live(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder: Path = tmp_path_factory.mktemp("live")
    with live_process(folder) as found:
        yield found


def pay_path(issued: Any) -> str:
    return "/live/p/" + str(issued.pay_url).rpartition("/")[2]


def test_a_pay_page_is_told_that_it_was_paid(live: Live, shop: Any) -> None:
    invoice = shop.invoiced()
    reader = live.follow(pay_path(invoice))
    shop.paid(invoice.id, "75000")
    assert reader.hears(kind="paid").told == {"kind": "paid"}
    assert reader.headers["content-type"].startswith("text/event-stream")
    assert "set-cookie" not in reader.headers
