"""Questions: cleaned, bounded, in a known language."""

from __future__ import annotations

import pytest

from app.errors import BadInput
from app.expert.question import MAX_CHARACTERS, detect_language, read_question


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("¿Cómo detecto drift en producción?", "es"),
        ("How do I detect drift in production?", "en"),
        ("que es MLflow", "es"),
        ("what is MLflow", "en"),
        ("kubectl apply falla con OOMKilled en el pod de inferencia", "es"),
        ("the pod is OOMKilled after kubectl apply", "en"),
        ("Tengo este error: `ValueError: could not convert string to float` al predecir", "es"),
        ("My training job fails with `ValueError: no puede convertir`", "en"),
        ("cuantos pods necesito para 5000 rps", "es"),
        ("FastAPI vs BentoML para servir PyTorch, ¿cuál?", "es"),
        ("Wie überwache ich Drift in der Produktion eines Modells?", None),
        ("Comment déployer un modèle avec un canary sur Kubernetes ?", None),
        ("Como faço para monitorar o drift dos meus modelos em produção?", None),
        ("本番環境でドリフトを検出する方法は何ですか", None),
    ],
)
def test_languages(text: str, language: str | None) -> None:
    assert detect_language(text, "en") == language


@pytest.mark.parametrize("default", ["en", "es"])
def test_words_that_do_not_tell_take_the_readers_language(default: str) -> None:
    assert detect_language("Kubernetes GPU", default) == default


@pytest.mark.parametrize("raw", ["", "   \n\t", "🙂🙃", "¿?", "\u200b\u202e", "…---…"])
def test_a_question_without_words_is_refused(raw: str) -> None:
    with pytest.raises(BadInput, match="no words") as caught:
        read_question(raw)
    assert "Pregunta" in caught.value.hint.es


def test_a_long_question_is_cut_and_said() -> None:
    question = read_question("How do I watch drift? " * 1000)
    assert len(question.text) <= MAX_CHARACTERS
    assert "first" in question.warnings[0].en


def test_hidden_characters_go() -> None:
    question = read_question("How do I \u202ewatch\u202c dri\u0000ft\U000e0041?")
    assert question.text == "How do I watch drift?"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hola", "greeting"),
        ("Hello!", "greeting"),
        ("muchas gracias", "thanks"),
        ("¿Qué puedes hacer?", "about"),
        ("who are you?", "about"),
        ("hola, ¿cómo detecto drift?", "answer"),
    ],
)
def test_small_talk(text: str, intent: str) -> None:
    assert read_question(text).intent == intent


def test_a_forced_language_wins() -> None:
    assert read_question("What is drift?", language="es").language == "es"
