# Builds from this repository alone: docker build -t mikomi .
# By itself it keeps an SQLite database in /data; docker-compose.yml puts a PostgreSQL beside it.

FROM rust:1.95-slim-trixie AS build
WORKDIR /src
COPY . .
# The caches outlive the layer, so a change compiles only what it touches; the program itself has to be copied out.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin mikomi && cp target/release/mikomi /usr/local/bin/mikomi

# The same Debian as above: the program is linked to its libc.
FROM debian:trixie-slim
LABEL org.opencontainers.image.title="Mikomi" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin mikomi \
 && install -d -o mikomi -g mikomi -m 0750 /data
COPY --from=build /usr/local/bin/mikomi /usr/local/bin/mikomi
# By which the city's identity provider is known to be who it says; SSL_CERT_FILE names others.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY LICENSE-MIT LICENSE-APACHE /usr/share/doc/mikomi/

# By number, so that an orchestrator can see that it is not root.
USER 10001
ENV MIKOMI_LISTEN=0.0.0.0:8080 \
    MIKOMI_DATABASE=sqlite:/data/mikomi.sqlite
WORKDIR /data
VOLUME /data
EXPOSE 8080
# The program asks itself, where MIKOMI_LISTEN says: the image has no curl.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["mikomi", "health"]
ENTRYPOINT ["mikomi"]
CMD ["serve"]
