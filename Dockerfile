# syntax=docker/dockerfile:1
FROM python:3.11-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /src
COPY pyproject.toml constraints.txt README.md ./
COPY app app
COPY ingest ingest
COPY knowledge knowledge
RUN python -m venv /opt/mlexpert && \
    /opt/mlexpert/bin/pip install -c constraints.txt .
# The model and the index are built here, so that a new container answers at once.
ENV MLEXPERT_DATA_DIR=/opt/data
RUN /opt/mlexpert/bin/mlexpert ui --prepare-only

FROM python:3.11-slim-bookworm

ENV PATH=/opt/mlexpert/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MLEXPERT_DATA_DIR=/data
RUN useradd --system --uid 10001 --create-home mlexpert
COPY --from=build /opt/mlexpert /opt/mlexpert
COPY --from=build --chown=mlexpert:mlexpert /opt/data /data
USER 10001
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
# The page has no sign-in: publish it on the host's loopback only (docker run -p 127.0.0.1:8501:8501)
# or behind a proxy that authenticates.
CMD ["mlexpert", "ui", "--host", "0.0.0.0", "--behind-proxy"]
