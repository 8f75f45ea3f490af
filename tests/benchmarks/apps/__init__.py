"""The parts of the benchmark `apps.py`: the servers, a session by HTTP and websocket, one in a browser, memory."""
