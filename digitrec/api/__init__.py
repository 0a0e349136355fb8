"""The HTTP door: FastAPI at `/api`, in the page's own process or alone.

`mounting.api_routes` is what a server is given; FastAPI is loaded with the first request.
"""
