"""What is read over HTTP: `/v1/…`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response

from digitrec.api import answers
from digitrec.api.bodies import Upload, json_body, uploads
from digitrec.api.describing import described
from digitrec.api.metrics import Metrics
from digitrec.api.pool import Pool
from digitrec.api.problems import Problem
from digitrec.api.schemas import Pages
from digitrec.api.settings import Settings

Result = TypeVar("Result")


class Reader:
    """The routes' work: bodies in, the pool's answers out.

    Args:
        settings: the limits.
        pool: where the work is done.
        metrics: where readings are counted.
    """

    def __init__(self, settings: Settings, pool: Pool, metrics: Metrics) -> None:
        self._settings, self._pool, self._metrics = settings, pool, metrics

    def router(self, guards: list[Any]) -> APIRouter:
        """The routes, each behind these dependencies."""
        router = APIRouter(prefix="/v1", dependencies=guards)
        router.add_api_route("/read", self.read, methods=["POST"], **described("read"))
        router.add_api_route(
            "/read-strokes", self.read_strokes, methods=["POST"], **described("read-strokes")
        )
        router.add_api_route("/classify", self.classify, methods=["POST"], **described("classify"))
        router.add_api_route("/model", self.model, methods=["GET"], **described("model"))
        return router

    async def read(self, request: Request) -> Response:
        """Reads every page of every file, in order: pictures (PNG, JPEG, WebP, BMP, AVIF, GIF,
        TIFF; HEIC where that is installed) and PDFs. Send them as files of a form, or one as the
        body itself. A bad file or page is told in its place and the others are read; where nothing
        at all can be read, the answer is a problem.
        """
        self._pool.working.check()  # before anything is sent in vain
        with self._pool.arriving.place():
            files = await uploads(request, self._settings)
        with ExitStack() as open_files:
            for upload in files:
                open_files.enter_context(upload.file)
            with self._pool.working.place():
                pages, notes = await self._pages(request, files)
                return await self._answered(pages, notes)

    async def _pages(
        self, request: Request, files: list[Upload]
    ) -> tuple[list[dict[str, Any]], list[str]]:
        """Records of pages and what was left out; a page at a time, so that others get theirs."""
        pages, notes = [], []
        for name, content in files:
            file = await self._pool.run(partial(answers.opened, content, name))
            if isinstance(file, dict):
                pages.append(file)
                continue
            if file.note:
                notes.append(f"{name}: {file.note}")
            for number in range(file.pages):
                if await request.is_disconnected():
                    raise Problem(HTTPStatus.BAD_REQUEST, "Nobody waits for the answer any more.")
                pages.append(await self._pool.run(partial(answers.page, file, number)))
        return pages, notes

    async def _answered(self, pages: list[dict[str, Any]], notes: list[str]) -> Response:
        for page in pages:
            self._metrics.count_reading(page["status"])
        bad = [page for page in pages if page["status"] == "error"]
        if len(bad) == len(pages):
            several = bad if len(bad) > 1 else ()
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, bad[0]["error"], errors=several)
        record = {"pages": pages, "notes": notes}
        return _json(await self._pool.run(partial(answers.as_json, Pages, record)))

    async def read_strokes(self, request: Request) -> Response:
        """Reads a drawing: a list of points for each stroke, in pixels, x right, y down. Which
        strokes make up a digit is told by their places, never by their order.
        """
        status, answer = await self._of_json(request, answers.drawing)
        self._metrics.count_reading(status)
        return _json(answer)

    async def classify(self, request: Request) -> Response:
        """Tells of each image what digit it is, taken as it is."""
        return _json(await self._of_json(request, answers.classified))

    async def model(self) -> Response:
        """Tells which network answers, and how good it is."""
        with self._pool.working.place():
            return _json(await self._pool.run(answers.model))

    async def _of_json(self, request: Request, work: Callable[[bytes], Result]) -> Result:
        self._pool.working.check()
        with self._pool.arriving.place():
            content = await json_body(request, self._settings)
        with self._pool.working.place():
            return await self._pool.run(partial(work, content))


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")
