"""Lets changes get past If-Match: an invented version is always stale, and everything behind it would stay untested.

Three of four requests that carry a valid If-Match get the current version of what they change; the fourth keeps its
invented one and shows what a stale request is answered.
"""

import itertools

import requests
import schemathesis
from schemathesis.core.parameters import ParameterLocation

turns = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    headers = case.meta.components.get(ParameterLocation.HEADER) if case.meta else None
    name = next((name for name in case.headers or {} if name.lower() == "if-match"), None)
    # A deliberately malformed header is the point of its request.
    if name is None or headers is None or headers.mode.is_negative or next(turns) % 4 == 3:
        return
    try:
        current = requests.get(case.operation.base_url.rstrip("/") + case.formatted_path, timeout=10)
    except requests.RequestException:
        return  # an address that cannot even be asked: the request itself will show it
    if "ETag" in current.headers:
        case.headers[name] = current.headers["ETag"]
