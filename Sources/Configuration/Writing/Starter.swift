/// What `rennbahn init` writes: a node that runs as it is, with what one changes first.
package enum Starter {
    package static let text = """
        # A node of Rennbahn, in the layout of Crossbar.io.
        #   rennbahn check --config FILE     says what is wrong with it
        #   rennbahn router --config FILE    runs it
        # docs/configuration.md of Rennbahn lists every key.
        version: 2

        workers:
          - type: router

            # Sessions of different realms never meet.
            realms:
              - name: realm1
                roles:
                  # Everybody has this role. There is no authorization yet, so that it allows everything.
                  - name: anonymous
                    permissions:
                      - uri: "*"
                        allow: {call: true, register: true, publish: true, subscribe: true}

            transports:
              - type: websocket
                endpoint:
                  type: tcp
                  # Or the name of an environment variable: "$PORT".
                  port: 8080
                  # Without it, on every interface.
                  interface: 127.0.0.1
                  # Connections that may wait to be accepted.
                  backlog: 1024
                  # Files from the folder of this one; ca_certificates asks clients for certificates.
                  # tls: {certificate: server.crt, key: server.key}
                # Who may join, in which role; without it everybody is anonymous. docs/configuration.md: Authentication.
                # auth: {ticket: {type: static, principals: {joe: {ticket: "${TICKET}", role: anonymous}}}}
                # The client's order decides which one is spoken.
                serializers: [json, msgpack]
                # A connection above it is reset.
                max_connections: 50000
                # Writes handshakes, frames and messages to standard error, without secrets.
                debug: false
                options:
                  # Milliseconds from the connection to the end of the opening handshake.
                  open_handshake_timeout: 5000
                  # Milliseconds from our Close frame to the peer's.
                  close_handshake_timeout: 2000
                  # Octets of a message, on the wire and inflated.
                  max_message_size: 16777216
                  # Web pages that may connect; * stands for any text.
                  allowed_origins: ["*"]
                  # Milliseconds: a ping so often, and a connection without an answer in time is reset.
                  auto_ping_interval: 10000
                  auto_ping_timeout: 5000
                  compression:
                    # permessage-deflate. Without takeover it needs less memory and compresses less:
                    # deflate: {no_context_takeover: true, request_no_context_takeover: true}
                    deflate: {}

              # There may be more, each with keys of its own; sessions meet whichever they come over.
              # - type: websocket
              #   endpoint: {type: unix, path: router.sock}
              # Pages and WebSocket on one port:
              # - type: web
              #   endpoint: {type: tcp, port: 8081}
              #   paths:
              #     /: {type: static, directory: web}
              #     ws: {type: websocket}

        """
}
