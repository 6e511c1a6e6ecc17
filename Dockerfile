# The operator's image. It has NOT been built where this repository was written: there is no Docker there.
# Every Python package is the one that requirements/*.txt pins by hash.
FROM python:3.12-slim-bookworm AS build
WORKDIR /src
COPY requirements/run.txt requirements/build.txt requirements/
RUN python -m venv /opt/crosshead \
 && /opt/crosshead/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/run.txt \
 && python -m pip install --no-cache-dir --no-deps --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY operator operator
RUN python -m pip wheel --no-deps --no-build-isolation --no-index --wheel-dir /wheel . \
 && /opt/crosshead/bin/pip install --no-cache-dir --no-deps --no-index /wheel/*.whl \
 && /opt/crosshead/bin/crosshead --version

FROM python:3.12-slim-bookworm
COPY --from=build /opt/crosshead /opt/crosshead
ENV PATH=/opt/crosshead/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp
USER 65532:65532
EXPOSE 8081
ENTRYPOINT ["crosshead"]
CMD ["run", "--health-address=0.0.0.0"]
