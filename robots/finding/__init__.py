"""Finding the question of a shop that a customer means."""

import os

# Before numpy is loaded: one sentence is too little work for several threads, which would only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
