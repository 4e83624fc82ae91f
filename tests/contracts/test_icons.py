"""图标: every icon that a page or a list of buttons names is in the sprite."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KNOWN = set((ROOT / "frontend" / "icons.txt").read_text(encoding="utf-8").split())
TAG = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']""")
ROOM = re.compile(r"""Room\(\s*"[^"]+",\s*"[^"]+",\s*"([a-z0-9-]+)\"""")


def test_every_icon_of_a_template_is_in_the_sprite():
    named = {
        (name, path.name)
        for path in (ROOT / "shouwang").glob("**/templates/**/*.html")
        for name in TAG.findall(path.read_text(encoding="utf-8"))
    }
    assert named
    assert [each for each in sorted(named) if each[0] not in KNOWN] == []


def test_every_icon_of_the_navigation_is_in_the_sprite():
    text = (ROOT / "shouwang" / "config" / "navigation.py").read_text(encoding="utf-8")
    named = ROOM.findall(text)
    assert len(named) > 8
    assert [name for name in named if name not in KNOWN] == []
