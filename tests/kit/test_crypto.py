"""Sealing: opened by its key and by nothing else; the blind index says "the same" and no more."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hesabu.kit import crypto
from hesabu.kit.crypto import Keyring, Unreadable

OLD, NEW, BLIND = b"o" * 32, b"n" * 32, b"b" * 32
ring = Keyring({"k1": OLD}, BLIND)


@given(st.binary(max_size=2_000))
def test_what_is_sealed_is_opened_the_same(plain: bytes) -> None:
    assert ring.unseal(ring.seal(plain)) == plain


def test_the_same_text_never_looks_the_same_twice() -> None:
    sealed = {ring.seal(b"Jane Wanjiku") for _ in range(50)}
    assert len(sealed) == 50
    assert not any(b"Jane" in one for one in sealed)


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    before = ring.seal(b"old")
    rotated = Keyring({"k2": NEW, "k1": OLD}, BLIND)
    after = rotated.seal(b"new")
    assert (rotated.key_id_of(before), rotated.key_id_of(after)) == ("k1", "k2")
    assert (rotated.unseal(before), rotated.unseal(after)) == (b"old", b"new")
    with pytest.raises(Unreadable, match="not in the keyring"):
        ring.unseal(after)


def test_another_key_of_the_same_id_opens_nothing() -> None:
    with pytest.raises(Unreadable):
        Keyring({"k1": NEW}, BLIND).unseal(ring.seal(b"x"))


def test_a_bit_turned_anywhere_is_seen() -> None:
    sealed = ring.seal(b"KES 75,000")
    for place in range(len(sealed)):
        turned = bytearray(sealed)
        turned[place] ^= 1
        with pytest.raises(Unreadable):
            ring.unseal(bytes(turned))


def test_a_value_cut_anywhere_is_seen() -> None:
    sealed = ring.seal(b"KES 75,000")
    for length in range(len(sealed)):
        with pytest.raises(Unreadable):
            ring.unseal(sealed[:length])


@given(st.binary(max_size=100))
def test_noise_is_unreadable_and_nothing_worse(noise: bytes) -> None:
    with pytest.raises(Unreadable):
        ring.unseal(noise)


def test_a_header_moved_to_another_key_is_seen() -> None:
    """The header is authenticated: a value cannot be made to look as if another key had sealed it."""
    both = Keyring({"k1": OLD, "k2": OLD}, BLIND)
    with pytest.raises(Unreadable):
        both.unseal(both.seal(b"x").replace(b"k1", b"k2", 1))


@pytest.mark.parametrize(
    ("keys", "blind"),
    [
        ({}, BLIND),
        ({"k1": b"short"}, BLIND),
        ({"": OLD}, BLIND),
        ({"k" * 32: OLD}, BLIND),
        ({"ключ": OLD}, BLIND),
        ({"k1": OLD}, b"short"),
    ],
)
def test_a_keyring_that_would_not_hold_is_refused(keys: dict[str, bytes], blind: bytes) -> None:
    with pytest.raises(ValueError):
        Keyring(keys, blind)


def test_keys_are_read_in_order_as_settings_carry_them() -> None:
    text = f"k2:{base64.b64encode(NEW).decode()}, k1:{base64.b64encode(OLD).decode()},"
    assert list(crypto.read_keys(text).items()) == [("k2", NEW), ("k1", OLD)]


def test_two_keys_of_one_name_are_refused() -> None:
    one = base64.b64encode(OLD).decode()
    with pytest.raises(ValueError, match="k1"):
        crypto.read_keys(f"k1:{one},k1:{one}")


@given(st.text(), st.text())
def test_the_blind_index_is_equal_where_the_texts_are(left: str, right: str) -> None:
    left, right = (text.encode("utf-8", "replace").decode() for text in (left, right))
    assert (ring.blind(left) == ring.blind(right)) == (left == right)
    assert len(ring.blind(left)) == 32


def test_the_blind_index_is_nothing_without_its_key() -> None:
    assert ring.blind("+254712345678") != Keyring({"k1": OLD}, NEW).blind("+254712345678")
    assert ring.blind("+254712345678") != crypto.digest("+254712345678")


def test_tokens_are_long_different_and_safe_in_a_url() -> None:
    made = {crypto.token(16) for _ in range(1_000)}
    assert len(made) == 1_000
    assert all(len(one) == 22 and one.replace("-", "").replace("_", "").isalnum() for one in made)


def test_a_mark_is_made_again_from_the_same_words_only() -> None:
    assert crypto.mac("link.pay", "x", 14) == crypto.mac("link.pay", "x", 14)
    assert crypto.mac("link.pay", "x") != crypto.mac("link.view", "x")
    assert len(crypto.mac("link.pay", "x", 14)) == 14


def test_equality_takes_text_and_bytes() -> None:
    assert crypto.same("é", "é".encode())
    assert not crypto.same("a", b"ab")
