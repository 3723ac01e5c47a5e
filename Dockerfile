# An image of the gateway, without Swift and without root. Untried: there was no engine to build it with.
#
# In a container the gateway listens on all its addresses, so it wants a key first, or MSNP_GATEWAY_OPEN_SIGN_IN=true:
#
#     docker build -t msnp-gateway .
#     docker run --rm -v msnp-state:/var/lib/msnp-gateway msnp-gateway keys add dashboard
#     docker run -p 127.0.0.1:8080:8080 -v msnp-state:/var/lib/msnp-gateway \
#         -e MSNP_GATEWAY_BACKENDS=home=messenger.example.net:1863 msnp-gateway
#
# For passwords to be kept, and sessions to come back, MSNP_GATEWAY_STATE_KEY names a file that is user 10001's alone, from
# msnp-gateway state key, in a volume of its own.

FROM swift:6.3-bookworm AS build
WORKDIR /source
RUN apt-get update && apt-get install --yes --no-install-recommends pkg-config libmicrohttpd-dev libssl-dev libyaml-dev \
        libsqlite3-dev libcurl4-openssl-dev && rm -rf /var/lib/apt/lists/*
COPY . .
RUN WITHOUT_MANUAL=1 scripts/install.sh /usr /installed

FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates libcurl4 libmicrohttpd12 libsqlite3-0 \
        libssl3 libstdc++6 libyaml-0-2 && rm -rf /var/lib/apt/lists/* && \
    install -d -m 700 -o 10001 -g 10001 /var/lib/msnp-gateway
COPY --from=build /installed/usr/bin /usr/bin
COPY --from=build /installed/usr/share/msnp-gateway /usr/share/msnp-gateway
USER 10001:10001
VOLUME /var/lib/msnp-gateway
ENV MSNP_GATEWAY_LISTEN=0.0.0.0:8080 MSNP_GATEWAY_STATE_DIRECTORY=/var/lib/msnp-gateway
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/msnp-gateway"]
CMD ["serve"]
