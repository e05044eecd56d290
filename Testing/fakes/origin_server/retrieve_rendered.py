"""WADO-RS: rendered resources and thumbnails (PS3.18 10.4.1.1.4 and 10.4.1.1.5)."""

from __future__ import annotations

from typing import List, Sequence

from .archive import Instance
from .frames import PIXEL_DATA, frame_numbers
from .messages import Refusal, Request, Response
from .multipart import Part, respond, respond_single
from .negotiation import parse_accept
from .rendering import FORMATS, Rendering, render


def rendered(request: Request, selected: Sequence[Instance], single: bool, frames: str = "") -> Response:
    """One image for an instance or its frames, a multipart of them for a series or study (its images only).

    Several frames in one image are an animation, which only ``image/gif`` can hold (table 8.7.4-1).
    """
    rendering = Rendering.of(request.parameters)
    wanted = [(instance, _wanted_frames(instance, frames)) for instance in selected if is_image(instance)]
    if not wanted:
        raise Refusal(406, "no instance of this resource has pixels to render")
    offered = ["image/gif"] if any(len(numbers) > 1 for _, numbers in wanted) else list(FORMATS)
    for accepted in parse_accept(request.accept):
        if not (single or accepted.multipart or accepted.type == "*/*"):
            continue  # a single part is for a single instance
        for content_type in filter(accepted.covers, offered):
            parts = [_rendered_part(instance, numbers, content_type, rendering) for instance, numbers in wanted]
            if accepted.multipart or not single:
                return respond(200, content_type, parts)
            return respond_single(200, parts[0])
    raise Refusal(406, f"a rendering is given as {' or '.join(offered)}, not as {request.accept!r}")


def is_image(instance: Instance) -> bool:
    return PIXEL_DATA in instance.attributes


def _wanted_frames(instance: Instance, frames: str) -> List[int]:
    count = int(instance.attributes.get("00280008", {}).get("Value", [1])[0])
    return frame_numbers(frames, count) if frames else list(range(1, count + 1))


def _rendered_part(instance: Instance, numbers: Sequence[int], content_type: str, rendering: Rendering) -> Part:
    content = render(instance.read(), [number - 1 for number in numbers], content_type, rendering)
    return Part.of_bytes(content_type, content, {"Content-Location": f"{instance.url}/rendered"})


def thumbnail(request: Request, selected: Sequence[Instance], frames: str = "") -> Response:
    """The middle frame of the middle image of the resource, as one small image."""
    rendering = Rendering.of(request.parameters, allowed=("accept", "viewport"))
    images = [instance for instance in selected if is_image(instance)]
    if not images:
        raise Refusal(404, "no instance of this resource has pixels")
    instance = images[len(images) // 2]
    numbers = _wanted_frames(instance, frames)
    small = Rendering(viewport=rendering.viewport or (128, 128))
    for accepted in parse_accept(request.accept):
        if not accepted.multipart:
            for content_type in filter(accepted.covers, FORMATS):
                return respond_single(200, _rendered_part(instance, [numbers[len(numbers) // 2]], content_type, small))
    raise Refusal(406, f"a thumbnail is given as {' or '.join(FORMATS)}, not as {request.accept!r}")
