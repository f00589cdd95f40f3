"""What the endpoint does wrong, translated once into our errors.

No message holds anything that the endpoint or the reader wrote: no key, prompt or upstream text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import (
    ModelBusy,
    ModelCut,
    ModelError,
    ModelRefused,
    ModelUnexpected,
    ModelUnreachable,
)
from ingest.schema import Text

if TYPE_CHECKING:
    from openai import APIStatusError

_DOCTOR = Text(
    en="Check it with mlexpert doctor; MLEXPERT_LLM_BASE_URL names it.",
    es="Compruébalo con mlexpert doctor; MLEXPERT_LLM_BASE_URL lo nombra.",
)
_LATER = Text(
    en="Try again later, or choose another server in MLEXPERT_LLM_BASE_URL.",
    es="Inténtalo más tarde o elige otro servidor en MLEXPERT_LLM_BASE_URL.",
)
_ADDRESS = Text(
    en="MLEXPERT_LLM_BASE_URL must be an OpenAI-compatible address; it usually ends in /v1.",
    es="MLEXPERT_LLM_BASE_URL debe ser una dirección compatible con OpenAI; suele acabar en /v1.",
)
_KEY = Text(
    en="Set a valid key in MLEXPERT_LLM_API_KEY.",
    es="Pon una clave válida en MLEXPERT_LLM_API_KEY.",
)
_MODEL = Text(
    en="Check the model in MLEXPERT_LLM_MODEL and the address in MLEXPERT_LLM_BASE_URL.",
    es="Revisa el modelo en MLEXPERT_LLM_MODEL y la dirección en MLEXPERT_LLM_BASE_URL.",
)
_LENGTH = Text(
    en="Lower MLEXPERT_LLM_MAX_TOKENS, or serve MLEXPERT_LLM_MODEL with a larger context.",
    es="Baja MLEXPERT_LLM_MAX_TOKENS o sirve MLEXPERT_LLM_MODEL con un contexto mayor.",
)
_TOO_LONG = ("context", "too long", "too large", "maximum length")


class Transient(Exception):
    """A fault before the first token that may be gone in a moment. `wait`: what it asks for."""

    def __init__(self, error: ModelError, wait: float = 0.0) -> None:
        super().__init__()
        self.error, self.wait = error, wait


def unreachable(where: str) -> ModelError:
    return ModelUnreachable(
        Text(
            en=f"The model server at {where} cannot be reached.",
            es=f"No se puede conectar con el servidor del modelo en {where}.",
        ),
        _DOCTOR,
    )


def bad_address() -> ModelError:
    return ModelUnreachable(
        Text(
            en="The address of the model server is not valid.",
            es="La dirección del servidor del modelo no es válida.",
        ),
        _ADDRESS,
    )


def silent(where: str, seconds: float) -> ModelError:
    return ModelUnreachable(
        Text(
            en=f"The model server at {where} said nothing for {seconds:g} seconds.",
            es=f"El servidor del modelo en {where} no dijo nada en {seconds:g} segundos.",
        ),
        _DOCTOR,
    )


def paused(seconds: float) -> ModelError:
    whole = max(1, round(seconds))
    return ModelUnreachable(
        Text(
            en=f"The model server failed several times in a row and is left alone for {whole} s.",
            es=f"El servidor del modelo falló varias veces seguidas: no se usará en {whole} s.",
        ),
        _DOCTOR,
    )


def unexpected() -> ModelError:
    return ModelUnexpected(
        Text(
            en="The model server sent something unexpected.",
            es="El servidor del modelo envió algo inesperado.",
        ),
        _ADDRESS,
    )


def endless() -> ModelError:
    return ModelUnexpected(
        Text(
            en="The model server sent far more than an answer.",
            es="El servidor del modelo envió mucho más que una respuesta.",
        ),
        _MODEL,
    )


def cut(partial: str) -> ModelError:
    return ModelCut(
        Text(
            en="The model server stopped before the end of the answer.",
            es="El servidor del modelo se detuvo antes del final de la respuesta.",
        ),
        _LATER,
        partial,
    )


def cut_by_length(partial: str) -> ModelError:
    return ModelCut(
        Text(
            en="The answer reached the longest length allowed and was cut.",
            es="La respuesta alcanzó la longitud máxima permitida y se cortó.",
        ),
        Text(en="Raise MLEXPERT_LLM_MAX_TOKENS.", es="Sube MLEXPERT_LLM_MAX_TOKENS."),
        partial,
    )


def bad_key() -> ModelError:
    return ModelRefused(
        Text(en="The model server refuses the key.", es="El servidor del modelo rechaza la clave."),
        _KEY,
    )


def from_code(code: int, said: str = "") -> ModelError:
    """The error of an HTTP status. `said` is only searched for words and never shown."""
    if code in {401, 403}:
        return bad_key()
    if code == 404:
        return ModelRefused(
            Text(
                en="The model server does not know the model or the address.",
                es="El servidor del modelo no conoce el modelo o la dirección.",
            ),
            _MODEL,
        )
    if code == 413 or (code in {400, 422} and any(word in said.lower() for word in _TOO_LONG)):
        return ModelRefused(
            Text(
                en="The question with its evidence is longer than the model can read.",
                es="La pregunta con su evidencia es más larga de lo que el modelo puede leer.",
            ),
            _LENGTH,
        )
    if code in {408, 409, 425, 429} or code >= 500:
        return ModelBusy(
            Text(
                en=f"The model server is overloaded or failing (HTTP {code}).",
                es=f"El servidor del modelo está saturado o falla (HTTP {code}).",
            ),
            _LATER,
        )
    if code >= 400:
        return ModelRefused(
            Text(
                en=f"The model server refuses the request (HTTP {code}).",
                es=f"El servidor del modelo rechaza la petición (HTTP {code}).",
            ),
            _MODEL,
        )
    return unexpected()


def from_status(error: APIStatusError) -> ModelError | Transient:
    """Our error for an HTTP error status; Transient where a retry may help."""
    translated = from_code(error.status_code, said(error))
    if not isinstance(translated, ModelBusy):
        return translated
    try:
        wait = float(error.response.headers.get("retry-after", "0"))
    except ValueError:  # a date
        wait = 0.0
    return Transient(translated, wait if wait > 0 else 0.0)


def said(error: APIStatusError) -> str:
    """The endpoint's own words, to be searched and never shown."""
    return f"{error.message} {error.body}"[:4000]
