"""The HTTP endpoint that Janus asks for TURN credentials (`nat.turn_rest_api`): minted by pqrtc, good for a few minutes, for coturn's `use-auth-secret`.

Janus cannot unwrap a credential, and asks over plain HTTP: run this beside it, on loopback."""

from __future__ import annotations

import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, List
from urllib.parse import parse_qs, urlsplit

from pqrtc import turn


# docs:begin service
class TurnService(ThreadingHTTPServer):
    """with TurnService(secret, key, uri) as service: ...   Answers GET /turn?service=turn&api=KEY[&username=USER]."""

    daemon_threads = True

    def __init__(self, secret: str, key: str, uri: str, seconds: int = 300) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.secret, self.key, self.uri, self.seconds = secret, key, uri, seconds
        self.url = f"http://127.0.0.1:{self.server_port}/turn"
        self.issued: List[str] = []


class _Request(BaseHTTPRequestHandler):
    server: TurnService

    def do_GET(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if not hmac.compare_digest(query.get("api", "").encode(), self.server.key.encode()):
            return self.send_error(403)
        credential = turn.mint(self.server.secret, query.get("username", "janus"), int(time.time()) + self.server.seconds)
        self.server.issued.append(credential.username)
        body = {**credential._asdict(), "ttl": self.server.seconds, "uris": [self.server.uri]}
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())
# docs:end service

    def log_message(self, *_: Any) -> None:
        """A request has the API key in it: not for a log."""


def serve(service: TurnService) -> TurnService:
    threading.Thread(target=service.serve_forever, daemon=True).start()
    return service
