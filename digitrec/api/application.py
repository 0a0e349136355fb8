"""The FastAPI application; `mounting` gives it to a server."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi_offline import FastAPIOffline
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from digitrec import __version__
from digitrec.api import operations, problems
from digitrec.api.describing import describe
from digitrec.api.guards import guards
from digitrec.api.metrics import Metrics, Watch
from digitrec.api.pool import Pool
from digitrec.api.routes import Reader
from digitrec.api.settings import Settings

_ABOUT = (
    "Reads handwritten digits. What a client does wrong is answered as RFC 9457 has it, with a "
    "sentence in `detail`: what was expected, what was received, what to do."
)


def create_application(settings: Settings) -> FastAPI:
    """The HTTP door, to be mounted at `/api`."""
    # Its documentation loads everything from this server; Swagger's badge would not.
    app: FastAPI = FastAPIOffline(
        redoc_url=None,
        title="digitrec",
        version=__version__,
        description=_ABOUT,
        swagger_ui_parameters={"validatorUrl": None, "tryItOutEnabled": True},
    )
    pool = Pool(settings.workers, settings.waiting)
    metrics = Metrics(pool)
    passed = guards(settings)
    app.include_router(Reader(settings, pool, metrics).router(passed))
    app.include_router(operations.router(pool, metrics, passed))
    problems.add_handlers(app)
    describe(app, with_key=bool(settings.key))
    if settings.cors:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "X-API-Key"],
            expose_headers=["Retry-After"],
        )
    app.add_middleware(Watch, metrics=metrics)
    if settings.proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.proxies))
    return app
