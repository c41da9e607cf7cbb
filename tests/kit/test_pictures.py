"""Pictures from outside are known by their bytes and drawn anew."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from doors.web import pictures as files
from hesabu.kit import pictures
from hesabu.kit.pictures import BadPicture

SIDES = (900, 450)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_each_kind_that_is_taken_becomes_a_png(kind: str) -> None:
    made = pictures.drawn_anew(files.drawn(kind), SIDES)
    assert opened(made.content).format == "PNG"
    assert (made.width, made.height) == (600, 300)


def test_a_large_one_is_made_to_fit_and_keeps_its_shape() -> None:
    made = pictures.drawn_anew(files.drawn(size=(3000, 1000)), SIDES)
    assert (made.width, made.height) == (900, 300)


def test_what_the_file_told_of_its_maker_and_place_is_gone_and_it_stands_upright() -> None:
    sent = files.with_a_place_in_it()
    assert b"Secret Phone Maker" in sent
    made = pictures.drawn_anew(sent, SIDES)
    assert b"Secret" not in made.content
    assert not opened(made.content).getexif()
    assert made.height > made.width


def test_a_picture_that_is_a_page_too_is_a_picture_alone_afterwards() -> None:
    sent = files.polyglot()
    assert sent.count(files.SCRIPT) == 2
    made = pictures.drawn_anew(sent, SIDES)
    assert b"script" not in made.content
    assert b"PK" not in made.content[-20:]
    assert made.content.endswith(b"IEND\xaeB`\x82")


@pytest.mark.parametrize("name", list(files.NO_PICTURES))
def test_what_is_no_picture_is_refused(name: str) -> None:
    with pytest.raises(BadPicture):
        pictures.drawn_anew(files.NO_PICTURES[name], SIDES)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "PPM", "ICO"])
def test_a_picture_of_another_format_is_refused_though_it_could_be_read(kind: str) -> None:
    """Each decoder is a way in: three are open."""
    written = io.BytesIO()
    Image.new("RGB", (16, 16), "red").save(written, format=kind)
    with pytest.raises(BadPicture):
        pictures.drawn_anew(written.getvalue(), (100, 100))
