"""Files to store."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, List

import pytest

from .stores import SERIES, instance


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., List[Path]]:
    """Files with the instances 1.2.1.1.N, for each number."""

    def files(*numbers: int, **options: str) -> List[Path]:
        paths = [tmp_path / f"{number}.dcm" for number in numbers]
        for path, number in zip(paths, numbers):
            path.write_bytes(instance(f"{SERIES}.{number}", **options))
        return paths

    return files
