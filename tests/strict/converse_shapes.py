"""Prints the shapes that a Converse request reaches, from AWS' model in botocore (Apache-2.0), as JSON."""

import json

import botocore
from botocore.loaders import Loader

RULES = ("type", "required", "union", "enum", "pattern", "min", "max", "document")


def name_of(reference):
    return reference["shape"]


def main():
    shapes = Loader().load_service_model("bedrock-runtime", "service-2")["shapes"]
    found = {}
    waiting = ["ConverseRequest"]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        shape = shapes[name]
        found[name] = {rule: shape[rule] for rule in RULES if rule in shape}
        if "members" in shape:
            found[name]["members"] = {
                member: name_of(reference) for member, reference in shape["members"].items()
            }
            waiting += found[name]["members"].values()
        for part in ("member", "key", "value"):
            if part in shape:
                found[name][part] = name_of(shape[part])
                waiting.append(found[name][part])
    source = f"botocore {botocore.__version__}, bedrock-runtime/service-2.json (Apache-2.0)"
    print(json.dumps({"source": source, "shapes": dict(sorted(found.items()))}, indent=2))


main()
