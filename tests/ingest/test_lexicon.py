"""Other names for what a question names, in both languages; idioms do not mislead."""

from __future__ import annotations

from ingest.lexicon import read_names


def test_names_in_either_language_bring_the_other() -> None:
    assert "k8s" in read_names("kubernetes pods keep restarting").also
    assert "gdpr" in read_names("¿Qué exige el RGPD?").also
    assert read_names("zebra").also == ""


def test_an_idiom_is_searched_by_its_meaning() -> None:
    named = read_names("¿Cómo despliego una versión nueva sin riesgo?")
    assert "riesgo" not in named.text
    assert "rollback" in named.also
    assert "riesgo" in read_names("¿Qué riesgo tiene un modelo nuevo?").text
