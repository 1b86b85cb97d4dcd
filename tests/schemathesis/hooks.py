"""Lets requests get to the core of the API: invented versions are always stale and invented ids name nothing, and
everything behind them would stay untested.

Three of four requests whose ids and versions are made up get those of something that is there; the fourth keeps them
and shows what such a request is answered. What is malformed on purpose stays malformed.
"""

import itertools
import os

import requests
import schemathesis
from schemathesis.core.parameters import ParameterLocation

RESOURCES = {
    "checkpoint_id": "checkpoints",
    "department_id": "organizations",
    "indicator_id": "indicators",
    "initiative_id": "initiatives",
    "objective_id": "objectives",
    "organization_id": "organizations",
    "plan_id": "plans",
}
# References that must fit the rest of the request: hardly ever right by chance, and never needed.
OPTIONAL = ("continues_id", "parent_id", "same_as_id")

# Whatever a request is sent with, what is there is asked for with the key.
KEY = {"Authorization": "Bearer " + os.environ["MIKOMI_KEY"]}

turns = itertools.count()


def get(case, path, **query):
    url = case.operation.base_url.rstrip("/") + path
    try:
        return requests.get(url, params=query, headers=KEY, timeout=10)
    except requests.RequestException:
        return None  # an address that cannot even be asked: the request itself will show it


def newest(case, resource):
    answer = get(case, "/api/v1/" + resource, sort="-created_at", fields="id", limit=20)
    return [item["id"] for item in answer.json()["items"]] if answer is not None and answer.ok else []


def is_sound(case, location):
    # What comes from an example has nothing said of it.
    part = case.meta.components.get(location) if case.meta else None
    return part is None or not part.mode.is_negative


def name_what_is_there(case, turn):
    path = case.operation.path.split("/")
    if "id" in (case.path_parameters or {}) and is_sound(case, ParameterLocation.PATH):
        known = get(case, case.formatted_path) if case.method != "POST" else None
        ids = newest(case, path[3]) if known is None or known.status_code == 404 else []
        if ids:
            case.path_parameters["id"] = ids[turn % len(ids)]
    if isinstance(case.body, dict) and is_sound(case, ParameterLocation.BODY):
        for member, resource in RESOURCES.items():
            if isinstance(case.body.get(member), str):
                ids = newest(case, resource)
                if ids and case.body[member] not in ids:
                    case.body[member] = ids[turn % len(ids)]
        for member in OPTIONAL:
            case.body.pop(member, None)


def name_the_version_that_stands(case):
    name = next((name for name in case.headers or {} if name.lower() == "if-match"), None)
    if name is None or not is_sound(case, ParameterLocation.HEADER):
        return
    current = get(case, case.formatted_path)
    if current is not None and "ETag" in current.headers:
        case.headers[name] = current.headers["ETag"]


@schemathesis.hook
def before_call(context, case, kwargs):
    turn = next(turns)
    if turn % 4 != 3:
        name_what_is_there(case, turn)
        name_the_version_that_stands(case)
