"""Compares every answer that the tests saw with the API's description: check_answers.py FILE...

Each line of a file is one answer as JSON: method, path, route (the template; null where nobody looked, and missing where the
server has none for that path), status, headers, body. What the
description does not have (a path, a status, a header, a problem code) is a complaint, and so is what does not fit it.
Closes with a line `N passed, N failed` (of different answers) and fails if any failed.
"""

import collections
import json
import re
import sys

import jsonschema_rs

from description import DOCUMENT, METHODS, PROBLEM, resolved

# On every answer, as the description says at its beginning; by the server below the gateway where it is said.
EVERYWHERE = {
    "x-content-type-options": {"const": "nosniff"},
    "x-request-id": {"pattern": "^[A-Za-z0-9._-]{1,128}$"},
    # Unless the operation says otherwise.
    "cache-control": {"const": "no-store"},
    # Where the operator lists origins, as the Fetch standard has them; the preflight's on `OPTIONS` alone.
    "vary": {"const": "Origin"}, "access-control-allow-origin": {"format": "uri"}, "access-control-expose-headers": {},
    # On whatever a repeated request had the first time.
    "idempotency-replayed": {"const": "true"},
    # Below 400 and from 500 on, where `Prefer` is honoured.
    "preference-applied": {"pattern": "^(wait=[0-9]+|respond-async)$"},
    # What `content` describes.
    "content-type": {},
    # The server's own (RFC 9110, 6.6.1; RFC 9112, 6.3 and 9.6).
    "date": {}, "content-length": {}, "connection": {}, "transfer-encoding": {},
}
PREFLIGHT = {
    "access-control-allow-methods": {}, "access-control-allow-headers": {}, "access-control-max-age": {"type": "integer"},
}
# A file of the operator's pages is described as the first of them is.
STATIC = "/"
MOST_SHOWN = 40
# Bytes of a body that a complaint shows.
SHOWN = 300

PATHS = DOCUMENT["paths"]
RESPONSES = DOCUMENT["components"]["responses"]
TEMPLATES = [
    (re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)) + "$"), template)
    for template in sorted(PATHS, key=lambda template: template.count("{"))
]
VALIDATORS = {}
SEEN = collections.Counter()


def closed(schema, is_part=False):
    """The schema without room for members that it doesn't have: clients have to live with those, we don't.

    A part of `allOf` leaves that to the whole, and so does what it refers to (`#/parts`).
    """
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    result = {}
    for key, value in schema.items():
        if key == "properties":
            result[key] = {name: closed(one) for name, one in value.items()}
        elif key == "allOf":
            result[key] = [closed(one, True) for one in value]
        elif key == "$ref" and is_part:
            result[key] = value.replace("#/components/schemas/", "#/parts/")
        elif key in ("enum", "const", "example", "examples", "required"):
            result[key] = value
        else:
            result[key] = closed(value)
    if not is_part and ("allOf" in schema or "properties" in schema and "additionalProperties" not in schema):
        result["unevaluatedProperties"] = False
    return result


SCHEMAS = DOCUMENT["components"]["schemas"]
CLOSED = {
    "components": {"schemas": {name: closed(schema) for name, schema in SCHEMAS.items()}},
    "parts": {name: closed(schema, True) for name, schema in SCHEMAS.items()},
}


def validator(schema):
    key = json.dumps(schema, sort_keys=True)
    if key not in VALIDATORS:
        # The components beside it, so that its references lead somewhere.
        whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [closed(schema)], **CLOSED}
        VALIDATORS[key] = jsonschema_rs.validator_for(whole, validate_formats=True)
    return VALIDATORS[key]


def misfits(schema, value):
    for error in validator(schema).iter_errors(value):
        yield f"/{'/'.join(map(str, error.instance_path))}: {str(error.message)[:SHOWN]}"


def described_path(path):
    return next((template for pattern, template in TEMPLATES if pattern.match(path)), None)


def response_of(answer):
    """The description of this answer, or a complaint about its not being there."""
    method, status = answer["method"], str(answer["status"])
    template = described_path(answer["path"])
    if answer.get("route") and answer.get("route") not in PATHS:
        return None, f"the server has the route {answer['route']} and the description lacks it"
    if answer.get("route") and template != answer.get("route"):
        return None, f"the path leads to {answer['route']} and by the description to {template}"
    if method == "OPTIONS" and status == "204":
        return RESPONSES["Options"], None
    # These are the same everywhere: on paths that aren't there, too, and for methods that a path doesn't have.
    item = PATHS.get(template) if "route" in answer or template == STATIC else None
    if status == "405":
        return RESPONSES["MethodNotAllowed"], None
    if status == "412" and method in ("POST", "PUT", "PATCH", "DELETE"):
        return RESPONSES["PreconditionFailed"], None
    operation = (item or {}).get({"HEAD": "get"}.get(method, method.lower()))
    if item is None and status in ("200", "304"):
        operation, template = PATHS[STATIC]["get"], STATIC
    if operation is None:
        common = {"400": "InvalidRequest", "404": "NotFound", "421": "MisdirectedHost"}.get(status)
        return (RESPONSES[common], None) if common else (None, f"{method} is not described here")
    SEEN[template, method, status] += 1
    response = operation["responses"].get(status)
    # Beyond the connections that may be, whatever was asked.
    if response is None and status == "503" and '"code":"gateway-full"' in answer["body"]:
        full = RESPONSES["NotNowOrFull"]
        # Made before there was a request, which would have an ID of its own.
        response = {**full, "headers": {name: node for name, node in full["headers"].items() if name != "X-Request-Id"}}
    return (resolved(response), None) if response else (None, f"{method} {template} has no {status}")


def headers_misfit(response, answer):
    described = {name.lower(): resolved(node) for name, node in response.get("headers", {}).items()}
    sent = {}
    for name, value in answer["headers"]:
        if name.lower() in sent:
            yield f"the header {name} is there twice"
        sent[name.lower()] = value
    for name, node in described.items():
        if node.get("required") and name not in sent:
            yield f"the header {name} is missing"
    for name, value in sent.items():
        if name in described:
            schema = resolved(described[name]["schema"])
        elif name in EVERYWHERE:
            schema = EVERYWHERE[name]
        elif answer["method"] == "OPTIONS" and name in PREFLIGHT:
            schema = PREFLIGHT[name]
        else:
            yield f"the header {name} is not described"
            continue
        if schema.get("type") == "integer":
            value = int(value) if re.fullmatch(r"\d+", value) else value
        for misfit in misfits(schema, value):
            yield f"the header {name}: {misfit}"


def body_misfits(response, answer):
    content = response.get("content", {})
    kind = dict((name.lower(), value) for name, value in answer["headers"]).get("content-type", "").split(";")[0]
    body = answer["body"]
    # The harness of the Swift tests hands a HEAD's answer on as GET's, a client sees none.
    if not content or (answer["method"] == "HEAD" and not body):
        if body:
            yield f"a body, where none is described: {body[:SHOWN]}"
        return
    if described_path(answer["path"]) is None and answer["status"] == 200:
        return
    if kind not in content:
        yield f"the media type {kind or 'is missing'} is not described"
        return
    schema = content[kind].get("schema", {})
    if kind.endswith("json"):
        try:
            value = json.loads(body)
        except ValueError as error:
            yield f"no JSON: {error}"
            return
        yield from misfits(schema, value)
        if kind == PROBLEM and value.get("code") not in response["x-problem-codes"]:
            yield f"the code {value.get('code')} is not described"
    elif not isinstance(body, str):
        yield "no text"


def complaints(answer):
    response, complaint = response_of(answer)
    if complaint:
        yield complaint + ": " + answer["body"][:SHOWN]
        return
    yield from headers_misfit(response, answer)
    yield from body_misfits(response, answer)


def main():
    lines = set()
    count = 0
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8") as file:
            for line in file:
                count += 1
                lines.add(line)
    # A file that holds next to nothing is a test run that broke off, or a variable that nobody read.
    if count < 500:
        sys.exit(f"FAIL  only {count} answers in {' '.join(sys.argv[1:])}\n0 passed, 1 failed")
    failures = collections.defaultdict(list)
    failed = 0
    for line in sorted(lines):
        answer = json.loads(line)
        found = list(complaints(answer))
        failed += bool(found)
        for complaint in found:
            failures[f"{answer['method']} {answer.get('route') or answer['path']} {answer['status']}: {complaint}"].append(answer)
    for complaint, answers in list(failures.items())[:MOST_SHOWN]:
        print(f"FAIL  {complaint} ({len(answers)} times, first {answers[0]['path']})")
    if len(failures) > MOST_SHOWN:
        print(f"      and {len(failures) - MOST_SHOWN} other complaints")
    wanted = {
        (path, method.upper(), status)
        for path, item in PATHS.items() for method in METHODS if method in item for status in item[method]["responses"]
    }
    print(f"{count} answers, {len(lines)} different; of {len(wanted)} described answers {len(wanted & SEEN.keys())} were seen")
    print(f"{len(lines) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
