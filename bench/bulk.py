"""For bench/bulk: sends rows to a service that is running, and tells how many a second were taken."""

import http.client
import io
import json
import statistics
import sys
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from xml.sax.saxutils import escape

name, address, key, pid, requests = sys.argv[1:]
requests = int(requests)
own = threading.local()
head = {"Authorization": f"Bearer {key}"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def ask(method, path, body=None, media="application/json"):
    if not hasattr(own, "connection"):
        own.connection = http.client.HTTPConnection(address, timeout=120)
    connection = own.connection
    began = time.monotonic()
    connection.request(method, "/api/v1" + path, body, head | {"Content-Type": media})
    answer = connection.getresponse()
    text = answer.read()
    seconds = time.monotonic() - began
    if answer.status >= 300:
        raise SystemExit(f"{method} {path}: {answer.status} {text[:600].decode()}")
    return json.loads(text), seconds


def everything(path):
    items, cursor = [], ""
    while True:
        page, _ = ask("GET", f"{path}limit=1000{cursor}")
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = "&cursor=" + page["next_cursor"]


def resident(what):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(what))


indicators = everything("/indicators?fields=id,organization_id&")
organizations = list(dict.fromkeys(row["organization_id"] for row in indicators))
all_wards = [row["id"] for row in indicators]
MONTHS = [f"m{month:02}" for month in range(1, 13)]


PERIODS = MONTHS + ["q1", "q2", "q3", "q4", "h1", "h2", "year"]


def whole_years(of):
    """A ward's whole year a request: 53 indicators by month, quarter and half, cut at 1,000 rows. The next request is the
    next ward's."""
    wards = [[row["id"] for row in indicators if row["organization_id"] == one] for one in of]
    return [[row(id, "snapshot", period) for period in PERIODS for id in ids][:1000] for ids in wards]


def one_period(last):
    """A request with figures of every ward: one period of each indicator, and another in the next request."""
    return [[row(id, "to_date", period) for id in all_wards][:1000] for period in PERIODS[:last]]


def row(indicator, basis, period):
    return {"indicator_id": indicator, "fiscal_year": 2021, "basis": basis, "period": period,
            "value": str(hash(indicator + period) % 997), "author": "bench"}


def measure(what, groups, expected, at_once):
    """Sends each group as a request, so many at once, and tells rows a second from the first byte to the last answer."""
    bodies = [json.dumps(rows) for rows in groups]
    with ThreadPoolExecutor(at_once) as hands:
        began = time.monotonic()
        answers = list(hands.map(lambda body: ask("POST", "/actuals/bulk", body), bodies))
        seconds = time.monotonic() - began
    for (answer, _), rows in zip(answers, groups):
        if answer[expected] != len(rows):
            raise SystemExit(f"{what}: {answer}")
    times = [taken for _, taken in answers]
    print(f"{name:11} {what:42} {at_once} at once {sum(map(len, groups)) / seconds:8.0f} rows/s, "
          f"median {statistics.median(times) * 1000:6.1f} ms, longest {max(times) * 1000:6.1f} ms for 1,000 rows", flush=True)


def corrected(groups):
    return [[row | {"value": row["value"] + ".5", "reason": "bench"} for row in rows] for rows in groups]


wards = f"{len(set(all_wards[:1000]))} indicators of {len(organizations)} wards"
for where, groups, at_once in [("a ward's whole year", whole_years(organizations[:requests]), 1),
                               # Departments send theirs in the same days.
                               ("a ward's whole year", whole_years(organizations[requests:]), 4),
                               (wards, one_period(requests), 1)]:
    if groups:
        measure(f"new, {where}", groups, "created", at_once)
        measure(f"the same again, {where}", groups, "unchanged", at_once)
        measure(f"corrections, {where}", corrected(groups), "corrected", at_once)


def column(number):
    return chr(ord("A") + number)


def workbook(rows):
    """A workbook as plain as can be, made without any package."""
    lines = []
    for at, row in enumerate(rows, 1):
        cells = "".join(f'<c r="{column(number)}{at}" t="inlineStr"><is><t>{escape(str(text))}</t></is></c>'
                        for number, text in enumerate(row))
        lines.append(f'<row r="{at}">{cells}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in parts.items():
            archive.writestr(path, text)
    return file.getvalue()


sheet = [["指標ID", "年度", "集計", "期間", "時点", "実績", "備考"]]
for period in PERIODS:
    for indicator in all_wards:
        sheet.append([indicator, 2021, "年度末見込", period, "", "1,234", "見込"])
sheet = sheet[:10001]
file = workbook(sheet)
idle = resident("VmRSS")
answer, seconds = ask("POST", "/imports", file, XLSX)
print(f"{name:11} a workbook of {len(sheet) - 1} rows ({len(file) / 1024:.0f} kB)      {seconds:6.2f} s, created "
      f"{answer['created']}; resident {idle:.0f} MB before, at most {resident('VmHWM'):.0f} MB", flush=True)
