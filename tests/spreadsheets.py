"""The rules of tests/spreadsheets: python tests/spreadsheets.py URL FOLDER, with the key in MIKOMI_KEY."""

import json
import os
import pathlib
import subprocess
import sys
import urllib.error
import urllib.request
import xml.etree.ElementTree as ElementTree

url, folder = sys.argv[1], pathlib.Path(sys.argv[2])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULAS = ["=1+1", "+81-6-0000", "-5", "@SUM(A1)", "\tタブ", '=HYPERLINK("http://example.invalid","x")', "=cmd|' /C calc'!A0"]
NUMBERS = ["12.5", "-3", "0.1", "0", "123456789.25", "3000", "55"]

faults, checked = [], 0


def expect(truth, fault):
    global checked
    checked += 1
    if not truth:
        faults.append(fault)


# The service


def ask(method, path, body=None, media="application/json", language="ja"):
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": "Bearer " + os.environ["MIKOMI_KEY"], "Accept-Language": language}
    if data is not None:
        headers["Content-Type"] = media
    request = urllib.request.Request(url + path, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.read()
    except urllib.error.HTTPError as refused:
        sys.exit(f"{method} {path}: {refused.code} {refused.read().decode()}")


def one(path):
    return json.loads(ask("GET", path))["items"][0]


def initiative(number, formula):
    return {
        "number": f"1-1-{number}",
        "title": f"={formula}",
        "targets": [{"indicator": formula.strip() + f" {number}", "text": "100以上", "unit": "人", "measure": "sum"}],
        "activities": [{"title": formula.strip(), "planned": "4"}],
        "mid_year_review": {"outlook": "achieve", "progress": "on_schedule", "results": f"{formula}\n2行目"},
    }


plan = {
    "organization": {"code": "271071", "name": "港区"},
    "fiscal_year": 2021,
    "title": "運営方針",
    "checkpoint": {"kind": "mid_year", "as_of": "2021-09-30"},
    "themes": [
        {
            "number": "1",
            "title": "課題",
            "strategies": [
                {
                    "number": "1-1",
                    "title": "戦略",
                    "initiatives": [initiative(number, formula) for number, formula in enumerate(FORMULAS, 1)],
                }
            ],
        }
    ],
}
ask("PUT", "/plan-documents/271071/2021", plan)
for number, (formula, value) in enumerate(zip(FORMULAS, NUMBERS), 1):
    name = formula.strip() + f" {number}"
    found = [row for row in json.loads(ask("GET", "/indicators?limit=100"))["items"] if row["name"] == name]
    figure = {"indicator_id": found[0]["id"], "fiscal_year": 2021, "basis": "to_date", "as_of": "2021-09-30"}
    ask("POST", "/actuals", {**figure, "value": value, "note": formula})

# LibreOffice: flat OpenDocument says of each cell what it is


def name(prefix, local):
    spaces = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    }
    return f"{{{spaces[prefix]}}}{local}"


def convert(file, to, *options):
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", *options, "--convert-to", to, "--outdir", str(folder / "out"), str(file)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=300)
    made = folder / "out" / f"{file.stem}.{to.split(':')[0]}"
    if said.returncode or not made.exists():
        sys.exit(f"LibreOffice did not convert {file.name}: {said.stdout}{said.stderr}")
    return made


def said(element):
    """The text of a paragraph, its tabs and its runs of spaces included."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == name("text", "tab"):
            parts.append("\t")
        elif child.tag == name("text", "s"):
            parts.append(" " * int(child.get(name("text", "c"), "1")))
        else:
            parts.append(said(child))
        parts.append(child.tail or "")
    return "".join(parts)


class Cell:
    def __init__(self, element, style):
        self.type = element.get(name("office", "value-type"))
        self.value = element.get(name("office", "value"))
        self.formula = element.get(name("table", "formula"))
        self.validation = element.get(name("table", "content-validation-name"))
        self.text = "\n".join(said(paragraph) for paragraph in element.findall(name("text", "p")))
        self.style = element.get(name("table", "style-name")) or style


def tables(file):
    """Each table with its rows of cells, as far as they hold something."""
    root = ElementTree.parse(file).getroot()
    for table in root.iter(name("table", "table")):
        styles = []
        for column in table.iter(name("table", "table-column")):
            styles += [column.get(name("table", "default-cell-style-name"))] * min(
                int(column.get(name("table", "number-columns-repeated"), "1")), 50
            )
        rows = []
        for row in table.iter(name("table", "table-row")):
            cells = []
            for element in row:
                if element.tag.endswith("table-cell"):
                    count = int(element.get(name("table", "number-columns-repeated"), "1"))
                    for _ in range(min(count, 50)):
                        cells.append(Cell(element, styles[len(cells)] if len(cells) < len(styles) else None))
            rows += [cells] * min(int(row.get(name("table", "number-rows-repeated"), "1")), 50)
        yield root, table, rows


def column(rows, title):
    head = next(row for row in rows if any(cell.text == title for cell in row))
    at = [cell.text for cell in head].index(title)
    return [row[at] for row in rows[rows.index(head) + 1 :] if len(row) > at and row[at].text]


# Exports

found = one("/plans")["id"]
for kind, options in [("csv", ["--infilter=CSV:44,34,76,1"]), ("xlsx", [])]:
    file = folder / f"export-{kind}.{kind}"
    file.write_bytes(ask("GET", f"/actuals/export?plan={found}&format={kind}"))
    [(_, _, rows)] = list(tables(convert(file, "fods", *options)))
    expect(not any(cell.formula for row in rows for cell in row), f"{kind}: a cell is a formula")
    # In CSV a text that looks like a formula carries a mark, as the README says.
    notes = [("'" if kind == "csv" else "") + formula for formula in FORMULAS]
    opened = column(rows, "備考")
    expect([cell.text for cell in opened] == notes, f"{kind}: notes are {[cell.text for cell in opened]}")
    expect(all(cell.type == "string" for cell in opened), f"{kind}: notes are {[cell.type for cell in opened]}")
    values = column(rows, "実績")
    expect(all(cell.type == "float" for cell in values), f"{kind}: figures are {[cell.type for cell in values]}")
    expect([float(cell.value) for cell in values] == [float(value) for value in NUMBERS], f"{kind}: figures changed")
    names = column(rows, "指標")
    expect(all(cell.type == "string" for cell in names) and len(names) == len(FORMULAS), f"{kind}: names are no texts")

# The form of a submission

for row, value in zip(json.loads(ask("GET", "/indicators?limit=100"))["items"], NUMBERS):
    estimate = {"indicator_id": row["id"], "fiscal_year": 2021, "basis": "year_end_forecast", "as_of": "2021-09-30"}
    ask("POST", "/actuals", {**estimate, "value": value})
begun = json.loads(ask("POST", "/submissions", {"checkpoint_id": one("/checkpoints")["id"]}))
for language, tabs in [("ja", ["実績", "振り返り", "主な取組"]), ("en", ["Actuals", "Reviews", "Activities"])]:
    file = folder / f"form-{language}.xlsx"
    file.write_bytes(ask("GET", f"/submissions/{begun['id']}/form.xlsx", language=language))
    opened = list(tables(convert(file, "fods")))
    root = opened[0][0]
    expect([table.get(name("table", "name")) for _, table, _ in opened] == [*tabs, "mikomi"], "the sheets have other names")
    properties = {style.get(name("style", "name")): style for style in root.iter(name("style", "style"))}

    def is_open(cell):
        style = properties.get(cell.style)
        while style is not None:
            for property in style.findall(name("style", "table-cell-properties")):
                if property.get(name("style", "cell-protect")) is not None:
                    return property.get(name("style", "cell-protect")) == "none"
            style = properties.get(style.get(name("style", "parent-style-name")))
        return False

    def is_shown(table):
        style = properties[table.get(name("table", "style-name"))]
        return style.find(name("style", "table-properties")).get(name("table", "display")) != "false"

    expect([is_shown(table) for _, table, _ in opened] == [True, True, True, False], "what is hidden is shown")
    conditions = [rule.get(name("table", "condition")) or "" for rule in root.iter(name("table", "content-validation"))]
    wanted = ["達成", "順調", "未着手", "未報告"] if language == "ja" else ["Achieve", "On schedule", "Planned", "Not due yet"]
    for choice in wanted:
        expect(any("in-list" in rule and f'"{choice}"' in rule for rule in conditions), f"no list offers {choice}")
    expect(any("decimal" in rule for rule in conditions), "no cell takes numbers")
    expect(any("date" in rule for rule in conditions), "no cell takes days")
    for (_, table, rows), count in zip(opened, [6, 4, 5]):
        tab = table.get(name("table", "name"))
        expect(table.get(name("table", "protected")) == "true", f"{tab} is not protected")
        expect(not any(cell.formula for row in rows for cell in row), f"{tab}: a cell is a formula")
        columns = [column.get(name("table", "visibility")) for column in table.iter(name("table", "table-column"))]
        expect(columns[0] == "collapse", f"{tab}: its ids are shown")
        line = rows[5]
        expect(not is_open(line[0]) and not is_open(line[2]), f"{tab}: what is not to be filled in is open")
        expect(sum(is_open(cell) for cell in line[:18]) == count, f"{tab}: {sum(map(is_open, line[:18]))} open cells")
    figures = column(opened[0][2], "実績" if language == "ja" else "Figure")
    expect([cell.type for cell in figures] == ["float"] * len(NUMBERS), "the figures of the form are no numbers")
    estimates = column(opened[0][2], "年度末の見込額" if language == "ja" else "Estimate of the year")
    expect([cell.type for cell in estimates] == ["float"] * len(NUMBERS), "the estimates of the form are no numbers")
    results = column(opened[1][2], "取組実績" if language == "ja" else "What was done")
    expect([cell.text for cell in results] == [f"{it}\n2行目".strip() for it in FORMULAS], "texts of the form changed")
    # What LibreOffice saves comes in as it went out.
    saved = convert(file, "xlsx:Calc MS Excel 2007 XML")
    receipt = json.loads(ask("POST", "/imports", saved.read_bytes(), XLSX))
    expect(receipt["form"]["changed"] is False, f"LibreOffice changed the form: {receipt}")
    expect(receipt["unchanged"] == 3 * len(FORMULAS), f"rows were lost: {receipt}")

for fault in faults:
    print(f"FAULT {fault}")
print(f"spreadsheets: {checked} checks, {len(faults)} faults")
sys.exit(bool(faults))
