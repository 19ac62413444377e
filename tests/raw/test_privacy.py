"""Pseudonyms, keys and masks."""

from __future__ import annotations

import stat

import pytest

from data import privacy
from data.errors import SettingsError


def test_the_key_is_made_once_and_is_readable_by_its_owner_only(tmp_path):
    key = privacy.load_key(tmp_path / "store")
    assert privacy.load_key(tmp_path / "store") == key
    assert len(key) == 32
    assert stat.S_IMODE((tmp_path / "store" / privacy.KEY_NAME).stat().st_mode) == 0o600
    assert privacy.load_key(tmp_path / "other") != key


def test_a_key_from_the_environment_leaves_no_file(tmp_path):
    assert privacy.load_key(tmp_path, "a" * 20) == privacy.load_key(tmp_path / "x", "a" * 20)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", ["", "zz", "00" * 31])
def test_a_damaged_key_is_refused_and_not_replaced(tmp_path, content):
    (tmp_path / privacy.KEY_NAME).write_text(content)
    with pytest.raises(SettingsError, match="restore it from a backup"):
        privacy.load_key(tmp_path)
    assert (tmp_path / privacy.KEY_NAME).read_text() == content


def test_a_short_key_is_refused_without_showing_it(tmp_path):
    with pytest.raises(SettingsError) as error:
        privacy.load_key(tmp_path, "short-secret")
    assert "short-secret" not in str(error.value)


def test_pseudonyms_need_the_key():
    one, other = (privacy.pseudonym(key, "did:plc:anna") for key in (b"1" * 32, b"2" * 32))
    assert one != other
    assert one == privacy.pseudonym(b"1" * 32, "did:plc:anna")
    assert len(one) == 18
    assert one.startswith("t-")


def test_two_testers_do_not_share_a_pseudonym_that_begins_alike():
    """Trap: cut to ten digits, these two of a large beta had one name, and nothing could be published."""
    one, other = (privacy.pseudonym(bytes(32), f"did:plc:{n:016d}") for n in (723_246, 1_169_605))
    assert one[:12] == other[:12] == "t-dc67a066e7"
    assert one != other


MASKED = {
    "write anna.b+x@mail.example.org now": "write [e-mail] now",
    "<anna@example.org>,bob@example.co.uk": "<[e-mail]>,[e-mail]",
    "call +49 (170) 123-4567.": "call [phone].",
    "Authorization: Bearer abcdef1234567890": "Authorization: [token]",
    "key sk-abcdefghijklmnop1234": "key [token]",
    "jwt eyJhbGciOiJI.eyJzdWIiOiIx.sig": "jwt [token]",
}
KEPT = (
    "I rate it 5/5",
    "at 10:00 @home",
    "v1.2.3+45",
    "price +5 %",
    "user@host",
    "2026-03-02T10:00:00+02:00",
    "a@b",
    "",
)


@pytest.mark.parametrize("text", MASKED)
def test_what_is_masked(text):
    assert privacy.mask(text) == MASKED[text]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_kept(text):
    assert privacy.mask(text) == text
