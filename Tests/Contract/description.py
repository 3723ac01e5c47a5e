"""The API's description, and what every check of it does with it."""

import pathlib
import sys

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

ROOT = pathlib.Path(__file__).resolve().parents[2]
METHODS = ["get", "put", "post", "delete", "patch"]
PROBLEM = "application/problem+json"


class Loader(yaml.SafeLoader):
    """As JSON has it: a key given twice is an error, and what looks like a time is a string."""


def mapping(loader, node):
    keys = [key.value for key, _ in node.value]
    for key in keys:
        if keys.count(key) > 1:
            raise yaml.constructor.ConstructorError(None, None, f"{key!r} is given twice", node.start_mark)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

try:
    DOCUMENT = yaml.load((ROOT / "api-spec" / "openapi.yaml").read_text(encoding="utf-8"), Loader)
except yaml.YAMLError as error:
    sys.exit(f"FAIL  the document is no YAML: {error}\n0 passed, 1 failed")
REGISTRY = Registry().with_resource("urn:api", Resource(contents=DOCUMENT, specification=DRAFT202012))


def resolved(node):
    """What a `$ref` stands for."""
    while isinstance(node, dict) and "$ref" in node:
        target = DOCUMENT
        for key in node["$ref"].removeprefix("#/").split("/"):
            target = target[key.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def absolute(schema):
    """The schema with references that hold outside the document."""
    if isinstance(schema, dict):
        return {
            key: "urn:api" + value if key == "$ref" and value.startswith("#") else absolute(value)
            for key, value in schema.items()
        }
    return [absolute(value) for value in schema] if isinstance(schema, list) else schema


def complaints(schema, value):
    validator = Draft202012Validator(
        absolute(schema), registry=REGISTRY, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for error in validator.iter_errors(value):
        yield f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"


def operations():
    """Name, path item and operation of each."""
    for path, item in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item, item[method]


def parameters(item, operation):
    return [resolved(parameter) for parameter in item.get("parameters", []) + operation.get("parameters", [])]
