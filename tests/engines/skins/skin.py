"""What the skins share: HTTP/1.1 with one write for each answer, so that kept connections stay fast."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Refusal(Exception):
    """An answer that is an error: status and body."""

    def __init__(self, status, body):
        super().__init__(body)
        self.status = status
        self.body = body


def serve(port, answer):
    """Serves on loopback. `answer(method, path, query, headers, body)` gives the body of a 200 or raises a
    Refusal; one call at a time, as the engines want it."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def log_message(self, *_):
            pass

        def any_method(self):
            text = self.rfile.read(int(self.headers.get("content-length") or 0))
            path, _, query = self.path.partition("?")
            try:
                with lock:
                    status, body = 200, answer(self.command, path, query, self.headers, text)
            except Refusal as refusal:
                status, body = refusal.status, refusal.body
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
            self.wfile.flush()

        do_GET = do_POST = do_PUT = do_DELETE = any_method

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
