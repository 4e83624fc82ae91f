"""Make another county out of a given one: same people, other mess, by a seed.

`python -m tests.oracle.mutate COUNTY DOMAIN OUT SEED [SHARE]` keeps SHARE of the department rows.
"""

from __future__ import annotations

import csv
import io
import random
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt
import yaml

from .reading import as_text, find_header, grid_of, parse_date, squeeze

TOKENS = ["", " ", "无", "/", "－", "-", "—", "——", "空", "不详", "NULL", "N/A", "　"]
KEYS = {"household_no", "person_no", "village_code"}
"""What two rows of the registry are told apart by; the specification leaves open what repeats mean."""
TRADITIONAL = {
    "张": "張",
    "刘": "劉",
    "陈": "陳",
    "国": "國",
    "华": "華",
    "兰": "蘭",
    "峰": "峯",
    "坤": "堃",
}
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


class Mutator:
    def __init__(self, seed: int, catalogue: dict[str, Any]) -> None:
        self.r = random.Random(seed)
        self.catalogue = catalogue

    def maybe(self, share: float) -> bool:
        return self.r.random() < share

    def cell(self, cell: Any, spec: dict[str, Any], rate: float) -> Any:
        if spec["key"] in KEYS or not self.maybe(rate):
            return cell
        change = getattr(self, f"as_{spec['type']}", self.as_text)
        if self.maybe(0.06):
            return self.r.choice(TOKENS)
        return change(cell, spec)

    def as_date(self, cell: Any, spec: dict[str, Any]) -> Any:
        try:
            day = parse_date(cell)
        except Exception:
            return cell
        if day is None:
            return cell
        serial = (day - date(1899, 12, 30)).days
        return self.r.choice(
            [
                day, datetime(day.year, day.month, day.day, 13, 5), serial, str(serial), float(serial),
                day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day.year}.{day.month:02}.{day.day}",
                f"{day.year}年{day.month}月{day.day}日", day.strftime("%Y%m%d"), int(day.strftime("%Y%m%d")),
                day.isoformat() + " 08:30:00", day.isoformat() + " 8:30", day.isoformat().translate(WIDE),
                f" {day.isoformat()} ", f"{day.year}年{day.month}月", f"{day.year}-{day.month:02}",
                f"{day.year}.{day.month}", day.strftime("%Y%m"), "2026-02-30", "2026/13/1", "去年", "20261301",
                (day + timedelta(days=400)).isoformat(), f"{day.year}年{day.month}月{day.day}日 10:20:30",
                f"{day.year}-{day.month}-{day.day}",
            ]
        )  # fmt: skip

    def as_month(self, cell: Any, spec: dict[str, Any]) -> Any:
        try:
            day = parse_date(cell, month_only=True)
        except Exception:
            return cell
        if day is None:
            return cell
        return self.r.choice(
            [day.strftime("%Y%m"), int(day.strftime("%Y%m")), f"{day.year}-{day.month:02}", f"{day.year}年{day.month}月",
             f"{day.year}.{day.month}", f"{day.year}/{day.month:02}", day.isoformat(), day, "2026-13", "某月", "20261"]
        )  # fmt: skip

    def as_amount(self, cell: Any, spec: dict[str, Any]) -> Any:
        value = self.r.choice(
            [0, 1, 499.99, 500, 4999.995, 5000, 12345.6, 20000, 150, 0.005, 3000, 8800]
        )
        return self.r.choice(
            [
                value, float(value), str(value), f"{value:,}", f"￥{value}", f"¥{value:,.2f}", f"{value}元",
                f"{value / 10000:.6f}万元", f"{value:,}".replace(",", "，"), str(value).translate(WIDE), f" {value} ",
                f"-{value}", "abc", "约500", "1.2.3", "5千", f"{value}元整", "￥-5", "-￥5", ".5", "5.", "1e3", "1 200", "十",
                cell, cell, cell, cell,
            ]
        )  # fmt: skip

    def as_number(self, cell: Any, spec: dict[str, Any]) -> Any:
        value = self.r.choice([0, 1, 12, 20, 34, 35, 36, 34.6, 81, 801, 2026, 90.5])
        return self.r.choice(
            [value, str(value), f"{value}升", f"{value}天", f"{value} 米", str(value).translate(WIDE), f"{value}个", "-3",
             "若干", "3天半", f"{value}.0", "1,200", cell, cell, cell, cell, cell, cell]
        )  # fmt: skip

    def as_code(self, cell: Any, spec: dict[str, Any]) -> Any:
        codes = self.catalogue["codes"][spec["codes"]]
        entry = self.r.choice(list(codes.values()))
        label = self.r.choice([entry["label"], *entry["aliases"]])
        return self.r.choice([label, f" {label}", f"{label[:1]}　{label[1:]}", label, label, "其它情况", "见备注",
                              int(label) if label.isdecimal() else label])  # fmt: skip

    def as_code_text(self, cell: Any, spec: dict[str, Any]) -> Any:
        if "list" not in spec:
            return cell
        label = self.r.choice(self.catalogue["registry"]["lists"][spec["list"]])
        return self.r.choice([label, label, cell, cell, f" {label} ", "不在表内", f"{label}+残疾"])

    def as_name(self, cell: Any, spec: dict[str, Any]) -> Any:
        name = as_text(cell)
        return self.r.choice(
            [" ".join(name), "".join(TRADITIONAL.get(c, c) for c in name), name + "\u200b", f"{name[:1]}·{name[1:]}",
             f"{name[:1]}．{name[1:]}", "欧阳某某", f"=HYPERLINK(\"{name}\")", name.lower(), f"@SUM({name})", name + "1", cell]
        )  # fmt: skip

    def as_id(self, cell: Any, spec: dict[str, Any]) -> Any:
        number = as_text(cell)
        if len(number) < 17:
            return cell
        digit = self.r.randrange(6, 17)
        typo = (
            number[:digit]
            + str((int(number[digit]) + 1) % 10 if number[digit].isdecimal() else 1)
            + number[digit + 1 :]
        )
        return self.r.choice(
            [number.lower(), number.translate(WIDE), f"'{number}", f" {number} ", f"{number[:6]} {number[6:14]} {number[14:]}",
             number[:6] + number[8:17], typo, typo, number[:-1], number + "11", number + "4413", number + "1", number[:10] + "\u200b" + number[10:],
             f"{number[:6]}-{number[6:]}", "9.99901E+17", float(number[:17] + "0") if number[:17].isdecimal() else None, None, None, f"`{number}", "见备注"]
        )  # fmt: skip

    def as_village(self, cell: Any, spec: dict[str, Any]) -> Any:
        village = squeeze(as_text(cell))
        return self.r.choice(
            [f"{village}村民委员会", f"{village}3组", f"示例县{village}", f"示例省示例县{village}", " ".join(village), cell, cell, "外地村"]
        )  # fmt: skip

    def as_text(self, cell: Any, spec: dict[str, Any]) -> Any:
        return self.r.choice([cell, cell, cell, "=1+1", "-", "x" * 30, f" {as_text(cell)}"])

    # rows and files

    def rows(self, rows: list[list[Any]], columns: list[Any], rate: float) -> list[list[Any]]:
        result: list[list[Any]] = []
        ids = [c.index for c in columns if c.spec["type"] == "id"]
        for row in rows:
            row = list(row)
            for column in columns:
                if column.index < len(row):
                    row[column.index] = self.cell(row[column.index], column.spec, rate)
            if ids and self.maybe(0.004) and len(row) > 2:
                row = [*row[1:], None] if self.maybe(0.5) else [None, *row[:-1]]
            if self.maybe(0.001):
                row[self.r.randrange(len(row))] = "长" * self.r.choice([2000, 2001, 6000])
            result.append(row)
            if self.maybe(0.006):
                result.append(list(row))
            if self.maybe(0.003):
                result.append([None] * len(row))
            if self.maybe(0.002):
                result.append(
                    [
                        self.r.choice(
                            [" 合 计", "总计", "注：见上", "备注:无", "填表人：", "说明：略"]
                        ),
                        *[1] * (len(row) - 1),
                    ]
                )
        if self.maybe(0.4):
            result.append(["合计", *[None] * (len(rows[0]) - 1 if rows else 3)])
        return result

    def heads(self, columns: list[Any], width: int) -> list[list[Any]]:
        captions: list[Any] = [f"无关列{i}" for i in range(width)]
        for column in columns:
            spec = column.spec
            text = self.r.choice([spec["header"], *spec.get("aliases", [])])
            text = (
                text.split("(")[0].split("（")[0]
                if self.maybe(0.5) or spec["type"] != "number"
                else text
            )
            if column.factor == 10000:
                text = text.split("(")[0].split("（")[0] + self.r.choice(
                    ["（万元）", "(万元)", " (万 元)"]
                )
            elif spec["type"] == "amount" and self.maybe(0.3):
                text = text.split("(")[0].split("（")[0] + self.r.choice(["(元)", "（元）"])
            if self.maybe(0.1):
                text = f" {text[:1]} {text[1:]}"
            captions[column.index] = text
        seen: set[str] = set()
        for column in columns:
            name = squeeze(captions[column.index])
            if name in seen:
                captions[column.index] = column.spec["header"]
            seen.add(squeeze(captions[column.index]))
        title = [
            ["示例县部门数据报送表", *[None] * (width - 1)]
            for _ in range(self.r.choice([0, 0, 1, 2, 7]))
        ]
        if self.maybe(0.3):
            upper: list[Any] = ["基本情况", *[None] * (width - 1)]
            lower = list(captions)
            for i in range(1, width):
                if self.maybe(0.4):
                    upper[i], lower[i] = captions[i], None
            return [*title, upper, lower]
        return [*title, captions]


def write(grids: dict[str, list[list[Any]]], path: Path, kind: str, r: random.Random) -> None:
    if kind.startswith("csv"):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator=r.choice(["\r\n", "\n"]))
        for row in next(iter(grids.values())):
            texts = [as_text(cell) for cell in row]
            while texts and not texts[-1] and r.random() < 0.05:
                texts.pop()
            writer.writerow(texts)
        encoding = "utf-8-sig" if kind == "csv8" else "gb18030"
        path.write_bytes(text.getvalue().encode(encoding))
    elif kind == "xls":
        book = xlwt.Workbook(encoding="utf-8")
        style = xlwt.easyxf(num_format_str="YYYY-MM-DD")
        for name, grid in grids.items():
            sheet = book.add_sheet(name)
            for i, row in enumerate(grid):
                for j, cell in enumerate(row):
                    if cell is not None and cell != "":
                        sheet.write(i, j, cell, style) if isinstance(cell, date) else sheet.write(
                            i, j, cell
                        )
        book.save(str(path))
    else:
        book = xlsxwriter.Workbook(
            str(path),
            {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        style = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, grid in grids.items():
            page = book.add_worksheet(name)
            for i, row in enumerate(grid):
                for j, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(i, j, datetime(cell.year, cell.month, cell.day), style)
                    elif cell is not None and cell != "":
                        page.write(i, j, cell)
        book.close()


def shuffled(
    m: Mutator, grid: list[list[Any]], specs: list[dict[str, Any]], share: float, rate: float
) -> list[list[Any]]:
    first, columns = find_header(grid, specs)
    width = max(len(row) for row in grid)
    rows = [[*row, *[None] * (width - len(row))] for row in grid[first:] if m.maybe(share)]
    dropped = {
        c.index
        for c in columns
        if not c.spec["required"]
        and c.spec["key"] not in ("id_no", "birth_date", "village", "household_size")
        and m.maybe(0.03)
    }
    order = [i for i in range(width) if i not in dropped]
    m.r.shuffle(order)
    place = {old: new for new, old in enumerate(order)}
    for column in columns:
        column.index = place.get(column.index, -1)
    columns = [c for c in columns if c.index >= 0]
    body = m.rows([[row[i] for i in order] for row in rows], columns, rate)
    return [*m.heads(columns, len(order)), *body]


def mutate(
    folder: Path, domain: Path, out: Path, seed: int, share: float = 1.0, rate: float = 0.02
) -> None:
    catalogue = yaml.safe_load((domain / "feeds.yaml").read_text(encoding="utf-8"))
    m = Mutator(seed, catalogue)
    with (folder / "input" / "manifest.csv").open(encoding="utf-8-sig", newline="") as source:
        entries = list(csv.DictReader(source))
    for entry in entries:
        path = folder / "input" / entry["file"]
        target = out / "input" / entry["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        if entry["feed"] == "registry":
            sheets = {s["sheet"]: s["columns"] for s in catalogue["registry"]["sheets"]}
            grids = {
                name: shuffled(m, grid_of(path, name), specs, 1.0, rate / 3)
                for name, specs in sheets.items()
            }
            write(grids, target, "xlsx", m.r)
            continue
        specs = next(f["columns"] for f in catalogue["feeds"] if f["key"] == entry["feed"])
        try:
            grid = shuffled(m, grid_of(path, None), specs, share, rate)
        except Exception:
            target.write_bytes(path.read_bytes())
            continue
        kind = m.r.choice(["xlsx", "csv", "csv8", "xls" if len(grid) < 3000 else "xlsx"])
        target = target.with_suffix({"csv8": ".csv"}.get(kind, f".{kind}"))
        entry["file"] = str(target.relative_to(out / "input"))
        write({"Sheet1": grid}, target, kind, m.r)
    with (out / "input" / "manifest.csv").open("w", encoding="utf-8", newline="") as sink:
        writer = csv.DictWriter(sink, entries[0].keys())
        writer.writeheader()
        writer.writerows(entries)


if __name__ == "__main__":
    mutate(
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        Path(sys.argv[3]),
        int(sys.argv[4]),
        *map(float, sys.argv[5:]),
    )
