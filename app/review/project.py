"""Is this a machine learning project at all?"""

from __future__ import annotations

import re

from app.review.units import Corpus

# Each is a separate sign; one alone proves nothing (an app can call an external AI service).
_SIGNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bmachine[- ]learning\b|\bdeep learning\b|\baprendizaje (automatico|profundo|de maquina)\b"
        r"|\bml (model|pipeline|platform|system|service|engineer\w*)s?\b|\bmlops\b|\bmodelos? de ml\b",
        r"\b(train|re-?train|fine-?tun)(s|ed|ing)? (\S+ ){0,4}(models?|classifiers?|networks?|llms?)\b"
        r"|\b(model|training) (training|pipeline|run|job|data|set)\b|\btraining (script|code|data|set)\b"
        r"|\bentrena\w*( \S+){0,4} (modelos?|red(es)?|clasificador(es)?)\b|\bentrenamiento\b",
        r"\bpredict(s|ed|ing|ions?|ive)?\b|\bforecast\w*|\bpredic(e|cion|ciones|tiv[oa]s?)\b"
        r"|\bpredecir\b|\bpronostic\w+",
        r"\b(classif(ier|ication|y|ies)|regressi(on|or)|clustering|recommend(er|ation)s?|embeddings?"
        r"|object detection|segmentation|sentiment|anomaly detection|clasificador(es)?|clasificacion"
        r"|regresion|recomendador|recomendacion(es)?)\b",
        r"\b(scikit-?learn|sklearn|xgboost|lightgbm|catboost|pytorch|tensorflow|keras|jax"
        r"|hugging ?face|transformers|mlflow|onnx|torch|spacy|wandb|zenml|kubeflow|sagemaker)\b",
        r"\b(f1([- ]score)?|precision and recall|roc[- ]?auc|auc|rmse|mae|mape|accuracy|log ?loss"
        r"|perplexity|ndcg|exactitud|error cuadratico|precision y recall|test set|validation set"
        r"|cross[- ]validation|validacion cruzada|hyper-?param\w+|hiper-?param\w+)\b",
        r"\b(neural net\w*|redes? neuronal(es)?|random forest|gradient boosting|decision trees?"
        r"|logistic regression|bosques? aleatorios?|arbol(es)? de decision|regresion logistica"
        r"|transformer|cnn|lstm|bert|clip|llm|vit)\b",
        r"\b(inference (service|server|api|endpoint|latency)|model (serving|registry|server|card|version"
        r"|drift|monitoring)|data drift|feature (store|engineering)|servicio de inferencia"
        r"|registro de modelos|ingenieria de caracteristicas)\b",
    )
)
_ENOUGH_SIGNS = 3


def is_ml_project(corpus: Corpus) -> bool:
    """Whether the documents show at least three different signs of machine learning."""
    return sum(pattern.search(corpus.scan) is not None for pattern in _SIGNS) >= _ENOUGH_SIGNS
