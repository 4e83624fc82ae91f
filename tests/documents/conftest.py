"""What the tests of documents share: a household of the first village, files to attach."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from shouwang.core.clock import now
from shouwang.registry.models import Household, RegistryFile, RegistryImport
from tests.four_people import Places


@pytest.fixture
def household(places: Places) -> Household:
    received = RegistryImport.objects.create(
        export_date=date(2025, 12, 31), received_at=now(), received_by_label="测试"
    )
    source = RegistryFile.objects.create(
        registry_import=received, name="导出.xlsx", sha256="0" * 64, size=1
    )
    return Household.objects.create(
        source_file=source, household_no="900000000001", village=places.village,
        village_code=places.village.code,
        head_name="张三", source_row=3,
    )  # fmt: skip


def picture(form: str = "JPEG", size: tuple[int, int] = (640, 480), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 120, 80)).save(out, form, **more)
    return out.getvalue()


def upload(name: str = "入户.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if content is None else content)


@pytest.fixture
def on_disk(tmp_path: Path) -> Callable[..., Path]:
    def write(content: bytes, name: str = "file") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write
