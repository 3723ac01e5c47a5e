"""Checks api-spec/openapi.yaml: that it is valid, agrees with itself, and says what the gateway's sources say.

Each check gives its complaints. Closes with a line `N passed, N failed` and fails if any check did.
"""

import re
import sys
import traceback

from openapi_spec_validator import OpenAPIV31SpecValidator

from description import DOCUMENT, PROBLEM, ROOT, complaints, operations, parameters, resolved

GATEWAY = ROOT / "Sources" / "Gateway"
# Of no single operation: any path has methods that it lacks, and nobody plans for the other one.
# So are conditional requests: whoever sends no `If-Match` never meets them.
EVERYWHERE = {"method-not-allowed", "precondition-failed", "internal-error"}
# Served from a directory, so there is no route.
STATIC = {"GET /"}


def answers():
    """Where, status and content of each answer."""
    for name, _, operation in operations():
        for status, response in operation["responses"].items():
            yield f"{name} {status}", int(status), resolved(response)


def examples_of(node):
    """Name and value of each example of a media type, parameter or header."""
    if "example" in node:
        yield "example", node["example"]
    for name, example in node.get("examples", {}).items():
        yield name, resolved(example)["value"]


def examples():
    """Where, schema and value of each example of the document."""
    for name, item, operation in operations():
        for parameter in parameters(item, operation):
            for label, value in examples_of(parameter):
                yield f"{name} {parameter['name']} {label}", parameter["schema"], value
        for media_type, media in operation.get("requestBody", {}).get("content", {}).items():
            for label, value in examples_of(media):
                yield f"{name} body {label}", media["schema"], value
    for where, _, response in answers():
        for header, node in response.get("headers", {}).items():
            for label, value in examples_of(resolved(node)):
                yield f"{where} {header} {label}", resolved(node)["schema"], value
        for media in response.get("content", {}).values():
            for label, value in examples_of(media):
                yield f"{where} {label}", media["schema"], value


def swift(name):
    """The source file of that name, wherever it lies."""
    (path,) = GATEWAY.rglob(name)
    return path.read_text(encoding="utf-8")


def cases(source):
    """Case and raw value of each case of an enumeration of strings, in their order."""
    body = re.search(r"\benum \w+: String[^{]*\{\n(.*?)(?:\n    (?:var|static|init|func)|\n\})", source, re.S)[1]
    found = re.findall(r'^    case (\w+)(?: = "([^"]+)")?$', body, re.M)
    if len(found) != len(re.findall(r"^    case ", body, re.M)):
        raise ValueError("cases in a form that this check doesn't read")
    return {case: value or case for case, value in found}


def by_code(source, variable, value):
    """What a computed variable of ProblemCode gives for each code."""
    body = re.search(rf"\bvar {variable}: \w+ \{{\n        switch self \{{\n(.*?)\n        \}}", source, re.S)[1]
    names = cases(source)
    return {
        names[case]: text
        for labels, text in re.findall(rf"case ([.\w,\s]+?):\s*{value}", body)
        for case in re.findall(r"\.(\w+)", labels)
    }


def code_statuses():
    statuses = by_code(swift("ProblemCode.swift"), "status", r"(\d+)")
    return {code: int(status) for code, status in statuses.items()}


def code_titles():
    return by_code(swift("ProblemCode.swift"), "title", r'"([^"]*)"')


def compared(what, described, actual):
    for item in sorted(described - actual):
        yield f"{what} {item} is described and not in the sources"
    for item in sorted(actual - described):
        yield f"{what} {item} is in the sources and not described"


# The checks.


def document_is_valid():
    """The document is valid OpenAPI 3.1."""
    for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors():
        yield f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"


def path_parameters_match():
    """Each path names the parameters that it declares."""
    for name, item, operation in operations():
        named = re.findall(r"\{(\w+)\}", name)
        declared = [node["name"] for node in parameters(item, operation) if node["in"] == "path"]
        if sorted(named) != sorted(declared):
            yield f"{name}: the path has {named}, the parameters are {declared}"


def examples_are_valid():
    """Each example fits its schema."""
    count = 0
    for where, schema, value in examples():
        count += 1
        for complaint in complaints(schema, value):
            yield f"{where} {complaint}"
    if count < 100:
        yield f"only {count} examples were found"


def schemas_refuse():
    """What the gateway refuses, or never sends, fits no schema."""
    refused = {
        "SignIn": [
            {"account": "a@b@c", "password": "x"},
            {"account": "a b@c", "password": "x"},
            {"account": "a@b", "password": ""},
            {"account": "a@b"},
            {"account": "a@b", "password": "x", "status": "offline"},
            {"account": "a@b", "password": "x", "displayName": "a\nb"},
            {"account": "a@b", "password": "x", "more": 1},
        ],
        "SessionPatch": [{"displayName": ""}, {"displayName": None}, {"more": 1}],
        "PresenceChange": [{}, {"status": "offline"}, {"status": "busy", "more": 1}],
        "MessageToPerson": [
            {"text": "a"},
            {"to": "a@b"},
            {"to": "a@b", "text": ""},
            {"to": "a@b", "text": "a\x00b"},
            {"to": "a@b", "text": "a\rb"},
            {"to": "a@b", "text": "a", "more": 1},
            {"to": "a@b", "text": "a", "clientRef": "x" * 65},
            {"to": "a@b", "text": "a", "format": {"color": "red"}},
            {"to": "a@b", "text": "a", "format": {"size": 9}},
        ],
        "MessageToConversation": [{}, {"text": 1}, {"text": "a", "to": "a@b"}],
        "ConversationRequest": [{}, {"participants": []}, {"participants": ["a"]}, {"participants": ["a@b"] * 51}],
        "ParticipantRequest": [{}, {"account": "a"}, {"account": "a@b", "more": 1}],
        "ContactAddition": [{"displayName": None}, {"displayName": ""}, {"blocked": True}],
        "ContactPatch": [
            {"allowed": False},
            {"allowed": True, "blocked": False},
            {"allowed": True, "blocked": True},
            {"blocked": None},
            {"displayName": "x"},
        ],
        "PrivacyChange": [
            {},
            {"unknownContacts": "allow"},
            {"unknownContacts": "AL", "promptOnAdd": True},
            {"unknownContacts": "allow", "promptOnAdd": "A"},
        ],
        "PhonesPatch": [{"home": ""}, {"home": 1}, {"work": "a\nb"}, {"mobileMessaging": None}, {"mobileEnabled": True}],
        "DirectorySearch": [
            {"firstName": "A", "lastName": "B"},
            {"firstName": "*", "lastName": "B", "country": "US"},
            {"firstName": "A", "lastName": "B", "country": "USA"},
            {"firstName": "A", "lastName": "B", "country": "US", "city": ""},
        ],
        "MailInvitation": [{}, {"email": "a"}, {"email": "a@b", "text": ""}, {"email": "a@b", "text": "a\x07"}],
        "WebhookRequest": [
            {},
            {"url": 1},
            {"url": "https://a.example", "types": []},
            {"url": "https://a.example", "sessions": [1]},
            {"url": "https://a.example", "secret": "whsec_x"},
        ],
        "WebhookPatch": [{"enabled": None}, {"url": None}, {"types": []}, {"secret": "whsec_x"}],
        "WebhookReplay": [{}, {"after": None}, {"after": "now", "more": 1}],
        "PageDraft": [
            {"to": "a@b"},
            {"to": "a@b", "text": "x" * 114},
            {"to": "a@b", "text": "x", "callback": {"place": "home"}},
            {"to": "a@b", "text": "x", "callback": {"place": "HOME", "number": "1"}},
            {"to": "a@b", "text": "x", "callback": {"place": "home", "number": "0800-CALL"}},
        ],
    }
    # A known type with data of another form must not pass as one that a later version brings.
    event = {"id": "Yk2vQ8-a.1", "seq": 1, "time": "2025-01-01T00:00:00.000Z", "sessionId": "s", "data": {"state": 1}}
    known = ["session.state", "contact.added", "message.received", "message.failed", "conversation.closed", "typing",
             "mail.status", "mail.received", "mail.changed", "page.received",
             "page.failed", "alert.received"]
    refused["Event"] = [{**event, "type": type} for type in known]
    for schema, values in refused.items():
        for value in values:
            if not any(complaints({"$ref": f"#/components/schemas/{schema}"}, value)):
                yield f"{schema} takes {value}"
    for complaint in complaints({"$ref": "#/components/schemas/Event"}, {**event, "type": "some.day"}):
        yield f"Event refuses a type that a later version may bring: {complaint}"


def answers_are_complete():
    """Each answer has the headers that it is sent with, and problems say what they are."""
    for where, status, response in answers():
        wanted = {"X-Request-Id"}
        if status == 401:
            wanted.add("WWW-Authenticate")
        if status in (429, 503):
            wanted.add("Retry-After")
        for header in sorted(wanted - response.get("headers", {}).keys()):
            yield f"{where} lacks the header {header}"
        if (status >= 400) != ("x-problem-codes" in response):
            yield f"{where}: problems have codes, and nothing else has"
        if status >= 400 and list(response.get("content", {})) != [PROBLEM]:
            yield f"{where} is no {PROBLEM}"


def codes_match_the_sources():
    """The problem codes, their statuses and their titles are those of ProblemCode."""
    actual, titles = code_statuses(), code_titles()
    if not set(cases(swift("ProblemCode.swift")).values()) == set(actual) == set(titles):
        yield "a case of ProblemCode has a status or a title in a form that this check doesn't read"
    known = next(
        option["enum"] for option in DOCUMENT["components"]["schemas"]["ProblemCode"]["anyOf"] if "enum" in option)
    yield from compared("the code", set(known), set(actual))
    used = set()
    for where, status, response in answers():
        for code in response.get("x-problem-codes", []):
            used.add(code)
            if actual.get(code) != status:
                yield f"{where}: {code} is {actual.get(code)} in the sources"
        for label, value in examples_of(response.get("content", {}).get(PROBLEM, {})):
            code = value["code"]
            if code not in response["x-problem-codes"]:
                yield f"{where} {label}: {code} is none of its codes"
            if (value["status"], value["type"]) != (status, f"/docs/problems#{code}"):
                yield f"{where} {label}: {value['status']} {value['type']} is not {code}"
            if value["title"] != titles.get(code):
                yield f"{where} {label}: the title is “{titles.get(code)}” in the sources"
    for code in sorted(set(actual) - used - EVERYWHERE):
        yield f"the code {code} belongs to no operation"
    for code in sorted(used & EVERYWHERE):
        yield f"the code {code} belongs to an operation; is it still everybody's?"


def operations_match_the_routes():
    """The paths and methods are those of the routes."""
    actual = set()
    for file in sorted(GATEWAY.rglob("*.swift")):
        source = file.read_text(encoding="utf-8")
        # Whatever follows a route, up to the next, is its endpoints.
        for part in re.split(r"\bRoute\(\s*(?=[\"\w])", source)[1:]:
            template = re.match(r'"([^"]+)"|Self\.(\w+)', part)
            if template is None:
                continue
            path = template[1]
            if path is None:
                constant = re.search(rf'static let {template[2]} = "([^"]+)"', source)
                if constant is None:
                    yield f"{file.relative_to(ROOT)}: no path for {template[2]}"
                    continue
                path = constant[1]
            methods = re.findall(r'"([A-Z]+)": Endpoint\b', part)
            if not methods:
                yield f"{file.relative_to(ROOT)}: no methods for {path}"
            actual |= {f"{method} {path}" for method in methods}
    yield from compared("the operation", {name for name, _, _ in operations()} - STATIC, actual)


def events_match_the_sources():
    """The event types are those of the kinds in the folders `Events`."""
    schemas = DOCUMENT["components"]["schemas"]
    kinds = "".join(file.read_text(encoding="utf-8") for file in sorted(GATEWAY.glob("*/Events/*Event.swift")))
    actual = set(re.findall(r'^    static let name = "([^"]+)"$', kinds, re.M))
    described, others = set(), set()
    for option in schemas["Event"]["anyOf"]:
        own = resolved(option)["allOf"][1]
        if own.get("required") != ["type", "data"]:
            yield f"{option['$ref']}: its own part has to require type and data, for the sake of generated clients"
        kind = own["properties"]["type"]
        if "not" in kind:
            others |= set(kind["not"]["enum"])
        elif "$ref" in kind and len(resolved(kind)["enum"]) == 1:
            described |= set(resolved(kind)["enum"])
        else:
            yield f"{option['$ref']}: its type has to be an enumeration of one word with a name of its own"
    yield from compared("the event", described, actual)
    groups = {name.split(".")[0] + ".*" for name in actual if "." in name}
    yield from compared("the filter", set(schemas["EventFilter"]["anyOf"][0]["enum"]), actual | groups)
    yield from compared("among those that OtherEvent leaves out, the event", others, actual)


def schemas():
    """Where and content of each schema, the inner ones too."""
    def within(where, node):
        if isinstance(node, list):
            for index, value in enumerate(node):
                yield from within(f"{where}/{index}", value)
        elif isinstance(node, dict):
            yield where, node
            for key, value in node.items():
                if key not in ("enum", "example", "examples", "required"):
                    yield from within(f"{where}/{key}", value)

    for name, node in DOCUMENT.items():
        if name in ("paths", "components"):
            yield from within(f"/{name}", node)


def generators_understand():
    """Nothing is said in a form that makes a generator of clients stumble, or its client refuse what the gateway sends."""
    words = {}
    for where, node in schemas():
        if "const" in node and not isinstance(node["const"], dict):
            yield f"{where}: const, which some do not check and others do not compile; an enumeration of one word says the same"
        if isinstance(node.get("pattern"), str):
            if node.get("type") != "string" and node.get("type") != ["string", "null"]:
                yield f"{where}: a pattern without the type string"
            if not (node["pattern"].startswith("^") and node["pattern"].endswith("$")):
                yield f"{where}: a pattern that is not anchored means two things"
        if isinstance(node.get("enum"), list):
            if "/not" not in where and node.get("type") != "string":
                yield f"{where}: an enumeration without the type string"
            if re.fullmatch(r"/components/schemas/\w+", where):
                names = node.get("x-enum-varnames") or [re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word).upper() for word in node["enum"]]
                if len(names) != len(node["enum"]):
                    yield f"{where}: x-enum-varnames has other words than enum"
                for name in names:
                    if words.setdefault(name.replace(".", "_"), where) != where:
                        yield f"{where}: Go has {name} from {words[name]} already; see x-enum-varnames"


def main():
    checks = [
        document_is_valid, generators_understand, path_parameters_match, examples_are_valid, schemas_refuse, answers_are_complete,
        codes_match_the_sources, operations_match_the_routes, events_match_the_sources,
    ]
    failed = 0
    for check in checks:
        try:
            found = list(check())
        except Exception:
            found = [traceback.format_exc()]
        failed += bool(found)
        print(f"{'FAIL' if found else 'ok':5} {check.__name__}: {check.__doc__}")
        for complaint in found:
            print(f"      {complaint}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
