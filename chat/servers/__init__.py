"""daphne and uvicorn, with what they lack for sockets that stay open for days."""
