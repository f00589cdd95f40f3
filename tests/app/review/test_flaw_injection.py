"""Deleting the section that covers a criterion lowers its verdict, whatever else is said."""

from __future__ import annotations

from collections.abc import Callable

from app.review.finding import CREDIT, Verdict
from app.review.report import Review
from ingest.schema import Language

ReviewOf = Callable[..., Review]
INTRO: dict[Language, str] = {
    "en": "# Churn service\n\nA machine learning classifier for churn, trained with xgboost.\n\n"
    "## Contents\n\n- Rollback\n- CI pipeline\n- Drift\n- Alerts\n- Autoscaling\n- Load tests\n",
    "es": "# Servicio de bajas\n\nUn clasificador de machine learning, entrenado con xgboost.\n\n"
    "## Índice\n\n- Rollback\n- Pipeline de CI\n- Drift\n- Alertas\n- Autoescalado\n",
}
SECTIONS: dict[Language, dict[str, str]] = {
    "en": {
        "rollback-plan": "## Rollback\n\nIf the 5xx rate exceeds 2 % for 5 minutes, the on-call "
        "engineer runs `kubectl rollout undo deployment/scorer`; the previous version is back in "
        "2 minutes.",
        "ci-pipeline": "## Continuous integration\n\nOn every pull request GitHub Actions runs "
        "`ruff check .`, `mypy` and `pytest`; a failing job blocks the merge to main.",
        "monitoring-model-drift": "## Drift\n\nA daily job compares the production features with "
        "the training reference by PSI; drift is declared above 0.2.",
        "alerting": "## Alerts\n\nWhen p95 latency exceeds 300 ms for 10 minutes, Alertmanager "
        "pages the on-call engineer in PagerDuty, who opens the runbook.",
        "autoscaling": "## Autoscaling\n\nA HorizontalPodAutoscaler keeps CPU at 60 %, with "
        "minReplicas: 2 and maxReplicas: 10.",
        "load-tests": "## Load tests\n\nBefore each release Locust sends 200 requests per second "
        "for 15 minutes with 500 users; p95 must stay below 150 ms.",
        "experiment-tracking": "## Experiments\n\nEach run logs parameters, metrics and artifacts "
        "to MLflow with `mlflow.log_metric`; runs are compared in the tracking server.",
        "data-versioning": "## Data versions\n\nThe data is versioned with DVC: `dvc add data/` "
        "and a git tag per snapshot, pushed to the S3 remote with `dvc push`.",
        "data-schema-validation": "## Schema validation\n\nPandera validates column types, ranges "
        "and nulls of each batch; a batch that fails the schema is rejected.",
        "hyperparameter-tuning": "## Hyperparameter tuning\n\nOptuna searches max_depth 3-10 and "
        "learning_rate 0.01-0.3 in 100 trials and maximises validation AUC.",
        "baseline-comparison": "## Baseline\n\nAgainst the baseline, a logistic regression with "
        "AUC 0.71, the model reaches 0.84 on the same test set.",
        "secrets-access-control": "## Access control\n\nSecrets live in HashiCorp Vault; only the "
        "role ml-deployer may read them, by RBAC, and keys are rotated every 90 days.",
        "model-registry": "## Model registry\n\nModels are registered in the MLflow Model Registry "
        "with a version; the alias champion marks the one in production after promotion.",
        "unit-tests": "## Unit tests\n\nThe unit tests in tests/unit cover the feature functions; "
        "run `pytest tests/unit --cov`; coverage must stay above 85 %.",
        "containerization": "## Image\n\nA multi-stage Dockerfile from python:3.12-slim, with a "
        "non-root user, builds the image: `docker build -t scorer:1.4 .`; "
        "`docker run -p 80:80 scorer:1.4` starts it.",
        "infrastructure-as-code": "## Infrastructure\n\nTerraform modules in infra/ create the "
        "cluster, the buckets and the network; `terraform plan` runs before `terraform apply`.",
        "bias-fairness-check": "## Fairness\n\nRecall is compared between age groups and sexes "
        "with Fairlearn; a gap above 5 points blocks the model.",
        "retraining-trigger": "## Retraining\n\nRetraining starts every Monday or when AUC drops "
        "below 0.80; the new model is promoted only if it beats the current one.",
        "compliance": "## Compliance\n\nUnder the GDPR the legal basis is legitimate interest; the "
        "DPIA is in docs/dpia.md and the data protection officer signs it each year.",
        "load-balancing-caching": "## Cache and balancing\n\nAn NGINX load balancer spreads the "
        "traffic over 3 replicas, and Redis caches features with a TTL of 300 s.",
        "integration-tests": "## Integration tests\n\nThe integration tests start the API and "
        "PostgreSQL with testcontainers and call the whole path; they run nightly in staging.",
        "data-quality-checks": "## Data quality\n\nGreat Expectations checks nulls below 1 %, "
        "duplicates and ranges of each batch; a failed check stops the pipeline.",
    },
    "es": {
        "rollback-plan": "## Rollback\n\nSi los errores 5xx superan el 2 % durante 5 minutos, la "
        "persona de guardia ejecuta `kubectl rollout undo deployment/scorer` y en 2 minutos vuelve "
        "la versión anterior.",
        "ci-pipeline": "## Integración continua\n\nEn cada pull request GitHub Actions ejecuta "
        "`ruff check .`, `mypy` y `pytest`; si falla un paso, se bloquea la fusión en main.",
        "monitoring-model-drift": "## Drift\n\nUna tarea diaria compara las variables de "
        "producción con la referencia de entrenamiento mediante PSI; hay drift por encima de 0,2.",
        "alerting": "## Alertas\n\nCuando la latencia p95 supera 300 ms durante 10 minutos, se "
        "alerta por PagerDuty a la persona de guardia, que abre el runbook.",
        "autoscaling": "## Autoescalado\n\nUn HorizontalPodAutoscaler mantiene la CPU al 60 %, con "
        "minReplicas: 2 y maxReplicas: 10.",
        "load-tests": "## Pruebas de carga\n\nAntes de cada versión, Locust envía 200 peticiones "
        "por segundo durante 15 minutos con 500 usuarios; el p95 debe quedar por debajo de 150 ms.",
        "experiment-tracking": "## Experimentos\n\nCada ejecución registra parámetros, métricas y "
        "artefactos en MLflow con `mlflow.log_metric`; los experimentos se comparan allí.",
        "data-versioning": "## Versiones de los datos\n\nLos datos se versionan con DVC: `dvc add "
        "data/` y una etiqueta de git por versión, con `dvc push` al remoto de S3.",
        "data-schema-validation": "## Validación de esquema\n\nPandera valida tipos de columna, "
        "rangos y nulos de cada lote; el lote que no cumple el esquema se rechaza.",
        "hyperparameter-tuning": "## Ajuste de hiperparámetros\n\nOptuna explora max_depth de 3 a "
        "10 y learning_rate de 0,01 a 0,3 en 100 pruebas y maximiza el AUC de validación.",
        "baseline-comparison": "## Línea base\n\nFrente a la línea base, una regresión logística "
        "con AUC 0,71, el modelo llega a 0,84 con los mismos datos de prueba.",
        "secrets-access-control": "## Control de acceso\n\nLos secretos están en HashiCorp Vault; "
        "solo el rol ml-deployer puede leerlos, por RBAC, y las claves se rotan cada 90 días.",
        "model-registry": "## Registro de modelos\n\nLos modelos se registran en el registro de "
        "modelos de MLflow con su versión; el alias champion marca el que está en producción.",
        "unit-tests": "## Pruebas unitarias\n\nLas pruebas unitarias de tests/unit cubren las "
        "funciones de variables; ejecuta `pytest tests/unit --cov`; cobertura mínima del 85 %.",
        "containerization": "## Imagen\n\nUn Dockerfile multi-stage desde python:3.12-slim, con "
        "usuario sin root, construye la imagen: `docker build -t scorer:1.4 .`; "
        "`docker run -p 80:80 scorer:1.4` la arranca.",
        "infrastructure-as-code": "## Infraestructura\n\nLos módulos de Terraform en infra/ crean "
        "el clúster, los buckets y la red; `terraform plan` va antes que `terraform apply`.",
        "bias-fairness-check": "## Equidad\n\nSe compara el recall entre grupos de edad y sexo con "
        "Fairlearn; una diferencia de más de 5 puntos bloquea el modelo.",
        "retraining-trigger": "## Reentrenamiento\n\nSe reentrena cada lunes o cuando el AUC baja "
        "de 0,80; el nuevo modelo se promociona solo si supera al actual.",
        "compliance": "## Cumplimiento\n\nSegún el RGPD, la base legal es el interés legítimo; la "
        "evaluación de impacto está en docs/eipd.md y la firma cada año el delegado de protección "
        "de datos.",
        "load-balancing-caching": "## Caché y balanceo\n\nUn balanceador NGINX reparte el tráfico "
        "entre 3 réplicas, y Redis guarda en caché las variables con un TTL de 300 s.",
        "integration-tests": "## Pruebas de integración\n\nLas pruebas de integración levantan la "
        "API y PostgreSQL con testcontainers y recorren el flujo completo cada noche en staging.",
        "data-quality-checks": "## Calidad de datos\n\nGreat Expectations comprueba nulos por "
        "debajo del 1 %, duplicados y rangos de cada lote; si falla, se detiene el pipeline.",
    },
}


def verdicts(review: Review) -> dict[str, Verdict]:
    return {finding.criterion.id: finding.verdict for finding in review.findings}


def test_every_verdict_falls_with_its_section(review_of: ReviewOf) -> None:
    stand: list[tuple[str, str]] = []
    weak: list[tuple[str, str]] = []
    for language, parts in SECTIONS.items():
        full = verdicts(review_of("\n\n".join((INTRO[language], *parts.values()))))
        for criterion in parts:
            rest = [text for name, text in parts.items() if name != criterion]
            after = verdicts(review_of("\n\n".join((INTRO[language], *rest))))[criterion]
            if CREDIT[after] >= CREDIT[full[criterion]]:
                stand.append((language, criterion))
            if full[criterion] != "covered":
                weak.append((language, criterion))
    assert weak == []
    # Schema validation speaks of ranges and nulls, which are data quality as well.
    assert {criterion for _, criterion in stand} <= {"data-quality-checks"}
    assert len(stand) / sum(map(len, SECTIONS.values())) <= 0.05
