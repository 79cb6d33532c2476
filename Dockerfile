FROM python:3.12-slim AS build
COPY requirements.txt /build/requirements.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /build/requirements.txt

FROM python:3.12-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin mindshift \
    && install --directory --owner=mindshift --group=mindshift --mode=0700 /data /keys
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/mindshift
COPY . ./
ENV PATH=/opt/venv/bin:$PATH MINDSHIFT_DATA=/data MINDSHIFT_KEYS=/keys MINDSHIFT_LISTEN=0.0.0.0:8080 PYTHONUNBUFFERED=1
RUN python -m compileall -q .
USER 10001
VOLUME /data /keys
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-m", "app", "health"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["bot"]
