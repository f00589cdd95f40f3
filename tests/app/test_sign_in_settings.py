"""Sign-in is set up as a whole, and what signs its cookies is kept for its owner alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import SettingError
from app.settings import read_settings
from app.web.access import sign_in_secrets

WHOLE = {
    "oidc_metadata_url": "https://id.example.org/.well-known/openid-configuration",
    "oidc_client_id": "page",
    "oidc_client_secret": "hush",
    "public_url": "https://ml.example.org/",
}


@pytest.mark.parametrize("missing", WHOLE)
def test_half_a_sign_in_stops_the_start(missing: str) -> None:
    half = {name: value for name, value in WHOLE.items() if name != missing}
    with pytest.raises(SettingError, match=f"MLEXPERT_{missing.upper()} is missing"):
        read_settings(**half)


def test_the_cookies_are_signed_with_a_kept_secret(tmp_path: Path) -> None:
    settings = read_settings(data_dir=tmp_path / "new", **WHOLE)
    first, second = (sign_in_secrets(settings)["auth"] for _ in range(2))
    assert first == second
    assert first["redirect_uri"] == "https://ml.example.org/oauth2callback"
    assert len(first["cookie_secret"]) >= 48
    (kept,) = (tmp_path / "new").iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    assert "hush" not in repr(settings)
    assert sign_in_secrets(read_settings(data_dir=tmp_path)) == {}


def test_administrators_are_compared_in_small_letters() -> None:
    settings = read_settings(admin_emails=" Boss@Example.com,, eva@example.com ")
    assert settings.administrators == {"boss@example.com", "eva@example.com"}
