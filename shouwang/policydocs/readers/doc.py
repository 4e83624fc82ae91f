"""旧版 Word 文件 (doc): turned into docx by LibreOffice where one is installed, else refused."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from shouwang.policydocs.errors import PaperRejected
from shouwang.policydocs.readers.docx import read_docx
from shouwang.policydocs.source import Source

PROGRAMS = ("soffice", "libreoffice")
LONGEST_SECONDS = 90


def read_doc(content: bytes, name: str) -> Source:
    program = next((found for each in PROGRAMS if (found := shutil.which(each))), None)
    if program is None:
        raise PaperRejected(
            "old_word",
            f"“{name}”是旧版 Word 文件（doc），服务器没有安装转换程序。"
            "请用 Word 或 WPS 另存为 docx 再上传。",
        )
    with TemporaryDirectory(prefix="shouwang-doc-") as folder:
        given = Path(folder) / "paper.doc"
        given.write_bytes(content)
        command = [
            program,
            "--headless",
            "--norestore",
            f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to",
            "docx",
            "--outdir",
            folder,
            str(given),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=LONGEST_SECONDS)  # noqa: S603
            converted = (Path(folder) / "paper.docx").read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise PaperRejected(
                "file_corrupt", f"“{name}”转换失败，请用 Word 或 WPS 另存为 docx 再上传。"
            ) from error
    return read_docx(converted, name)
