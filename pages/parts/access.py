"""Who looks: the role decides what may be shown or edited. Sign-in itself is Streamlit's (st.login, OIDC)."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from data.settings import Settings

Role = Literal["viewer", "manager"]


def email() -> str:
    """E-mail address of the signed-in user, or an empty text. Only a provider's signed token can set it."""
    user = st.user
    return str(user.get("email") or "") if user.get("is_logged_in") else ""


def role(settings: Settings) -> Role:
    """`manager` for the addresses in [access].managers, else [access].default_role."""
    signed = email().casefold()
    if signed and signed in {m.casefold() for m in settings.access.managers}:
        return "manager"
    return settings.access.default_role
