"""All settings, typed and frozen, read once from the environment or a `.env` file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import platformdirs
from pydantic import AliasChoices, Field, SecretStr, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.errors import SettingError
from ingest.schema import Text

PREFIX = "MLEXPERT_"
_Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$")]


class Settings(BaseSettings):
    """What a deployment can choose. Environment variables carry the prefix MLEXPERT_."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", frozen=True, extra="ignore", populate_by_name=True
    )

    llm_base_url: _Url | None = Field(
        default=None,
        validation_alias=AliasChoices("MLEXPERT_LLM_BASE_URL", "OPENAI_BASE_URL"),
        description="OpenAI-compatible endpoint; unset means composed answers",
    )
    llm_api_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("MLEXPERT_LLM_API_KEY", "OPENAI_API_KEY"),
        description="key of the endpoint; many local servers need none",
    )
    llm_model: str | None = Field(default=None, description="model name at the endpoint")
    llm_max_tokens: int = Field(default=1200, ge=64, le=16_000, description="longest answer")
    embedding: Annotated[str, StringConstraints(pattern=r"^(bundled|st:.+|openai:.+)$")] = Field(
        default="bundled", description="bundled, st:<model or folder> or openai:<model>"
    )
    reranker: Annotated[str, StringConstraints(pattern=r"^st:.+$")] | None = Field(
        default=None, description="st:<CrossEncoder model or folder>"
    )
    chroma_url: _Url | None = Field(
        default=None, description="Chroma server instead of the embedded one"
    )
    database_url: str | None = Field(
        default=None, description="SQLAlchemy URL for conversations; default SQLite"
    )
    oidc_metadata_url: _Url | None = Field(
        default=None, description="sign-in: the provider's .well-known/openid-configuration"
    )
    oidc_client_id: str | None = Field(default=None, description="sign-in: our id at the provider")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="sign-in: our secret at the provider"
    )
    public_url: _Url | None = Field(
        default=None, description="sign-in: the page's own address; the provider returns there"
    )
    admin_emails: str = Field(
        default="",
        description="who sees feedback and storage when sign-in is set up; e-mails with commas",
    )
    behind_proxy: bool = Field(
        default=False, description="a proxy signs people in; `mlexpert ui --behind-proxy` sets it"
    )
    data_dir: Path | None = Field(default=None, description="index, model cache and database")
    knowledge_dir: Path | None = Field(default=None, description="another curated knowledge")

    @property
    def data_folder(self) -> Path:
        return self.data_dir or Path(platformdirs.user_data_dir("mlexpert"))

    @property
    def model_folder(self) -> Path:
        if self.data_dir is not None:
            return self.data_dir / "models"
        return Path(platformdirs.user_cache_dir("mlexpert")) / "models"

    @property
    def knowledge_folder(self) -> Path:
        return self.knowledge_dir or Path(__file__).resolve().parent.parent / "knowledge"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_folder / 'conversations.sqlite'}"

    @property
    def sign_in(self) -> bool:
        """Whether visitors sign in by OpenID Connect."""
        return self.oidc_metadata_url is not None

    @property
    def administrators(self) -> frozenset[str]:
        """E-mail addresses in small letters."""
        return frozenset(e.strip().lower() for e in self.admin_emails.split(",") if e.strip())

    @property
    def llm_configured(self) -> bool:
        return self.llm_model is not None and (
            self.llm_base_url is not None or self.llm_api_key is not None
        )


def read_settings(**overrides: Any) -> Settings:
    """The settings of this process; SettingError names the first that is unknown or wrong."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    # Read by later surfaces or by the tests, and no mistake of the reader.
    known |= {f"{PREFIX}API_KEYS", f"{PREFIX}REVIEW_DEV", f"{PREFIX}QUESTIONS_DEV"}
    unknown = sorted(n for n in os.environ if n.startswith(PREFIX) and n not in known)
    if unknown:
        raise _unknown(unknown[0], known)
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        detail = error.errors()[0]
        name = str(detail["loc"][0]) if detail["loc"] else "?"
        shown = name if name.startswith((PREFIX, "OPENAI_")) else f"{PREFIX}{name.upper()}"
        raise SettingError(
            Text(
                en=f"The setting {shown} is not valid: {detail['msg']}.",
                es=f"El valor de {shown} no es válido: {detail['msg']}.",
            ),
            Text(
                en="Correct it in the environment or in the .env file (README, Settings).",
                es="Corrígelo en el entorno o en el archivo .env (README, Settings).",
            ),
        ) from None
    _check_sign_in(settings)
    return settings


def _check_sign_in(settings: Settings) -> None:
    """Sign-in needs all four of its settings: half of them would be a page without a lock."""
    names = ("oidc_metadata_url", "oidc_client_id", "oidc_client_secret", "public_url")
    missing = [f"{PREFIX}{name.upper()}" for name in names if getattr(settings, name) is None]
    if missing and len(missing) < len(names):
        shown = ", ".join(missing)
        raise SettingError(
            Text(
                en=f"Sign-in is not complete: {shown} is missing.",
                es=f"El inicio de sesión está incompleto: falta {shown}.",
            ),
            Text(
                en="Set it, or unset the other settings of the sign-in (README, Settings).",
                es="Defínelo o quita los demás ajustes del inicio de sesión (README, Settings).",
            ),
        )


def _unknown(name: str, known: set[str]) -> SettingError:
    import difflib

    near = difflib.get_close_matches(name, sorted(known), n=1)
    return SettingError(
        Text(en=f"There is no setting {name}.", es=f"No existe el ajuste {name}."),
        Text(
            en=f"Did you mean {near[0]}?" if near else "See the README for the settings.",
            es=f"¿Querías decir {near[0]}?" if near else "El README enumera los ajustes.",
        ),
    )
