"""Facts to screens: stream (SSE), who may see what."""
