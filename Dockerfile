# The bot without PyTorch: the bundled model only. Nothing is downloaded when it runs.
#     docker build -t danis .
# Checked by hadolint (tests/test_deploy.py); no container engine has built it in CI.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
ARG EXTRAS="postgres milvus pdf documents web"
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements-slim.txt constraints.txt pyproject.toml ./
COPY tools/extras.py tools/extras.py
# The packages change less often than the code: they are a layer of their own.
RUN python tools/extras.py ${EXTRAS} > extras.txt \
    && python -m venv /opt/danis \
    && /opt/danis/bin/pip install --constraint constraints.txt \
        --requirement requirements-slim.txt --requirement extras.txt
COPY README.md LICENSE NOTICE ./
COPY index index
COPY bot bot
RUN /opt/danis/bin/pip install --no-deps . && /opt/danis/bin/python -m compileall -q /opt/danis

FROM python:3.11-slim-bookworm
COPY --from=build /opt/danis /opt/danis
RUN mkdir --parents /data/seeds /data/index /data/state /data/cache && chown --recursive 10001:10001 /data
USER 10001:10001
WORKDIR /data
# Everything that is written lies in /data and /tmp: the rest may be read-only.
ENV PATH=/opt/danis/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    SEEDS_DIR=/data/seeds \
    INDEX_DIR=/data/index \
    STATE_DIR=/data/state \
    CACHE_DIR=/data/cache \
    OPS_PORT=9464
VOLUME ["/data"]
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:9464/health', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["danis"]
CMD ["telegram"]
