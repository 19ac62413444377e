"""Names that cannot be guessed back: keyed pseudonyms, keyed hashes, and masking of free text."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

from data.errors import SettingsError

KEY_NAME = "pseudonym.key"
KEY_ENV = "BETA_PSEUDONYM_KEY"
_KEY_BYTES = 32

EMAIL = re.compile(r"[^\s\"'<>()\[\]{},;:\\@]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_SECRETS = re.compile(
    r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"  # a JSON web token
    r"|(?i:\bbearer)\s+[\w.~+/=-]{12,}"
    r"|\b(?:sk|pk|ghp|gho|xox[abp]|AKIA)[_-]?[A-Za-z0-9_-]{16,}"
)
_PHONE = re.compile(r"(?<![\w.+-])\+\d{1,3}[\s./()-]{0,2}\d(?:[\s./()-]{0,2}\d){6,12}(?!\w)")


def load_key(storage: Path, value: str | None = None) -> bytes:
    """The installation's pseudonym key: `value` (from the environment) or the file in `storage`, made once.

    The file is readable by its owner only. Losing it changes every pseudonym; nothing else depends on it.
    """
    if value is not None:
        if len(value) < 16:
            raise SettingsError(f"environment variable {KEY_ENV} is shorter than 16 characters; set a longer one")
        return hashlib.sha256(value.encode()).digest()
    file = storage / KEY_NAME
    storage.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_key(file)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(_KEY_BYTES) + "\n")
    return _read_key(file)


def _read_key(file: Path) -> bytes:
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        raise SettingsError(f"{file}: holds no pseudonym key (64 hexadecimal digits); restore it from a backup")
    return key


def keyed_hash(key: bytes, text: str) -> str:
    """HMAC-SHA256 of a text as 64 hexadecimal digits."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def pseudonym(key: bytes, text: str) -> str:
    """Stable name for a tester: "t-" and sixteen hexadecimal digits.

    Ten digits, which it had before and begins with, are too few: of half a million testers two share them in one beta
    of nine.
    """
    return "t-" + keyed_hash(key, text)[:16]


def mask(text: str) -> str:
    """Free text with e-mail addresses, access tokens and phone numbers (with a country code) replaced by words."""
    if "@" in text:
        text = EMAIL.sub("[e-mail]", text)
    text = _SECRETS.sub("[token]", text)
    return _PHONE.sub("[phone]", text) if "+" in text else text
