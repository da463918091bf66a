"""Qdrant's REST API over the vendor's own local engine and models: qdrant.py PORT KEY"""

import re
import sys
import time

from pydantic import TypeAdapter, ValidationError
from qdrant_client import QdrantClient
from qdrant_client.http import models
from skin import Refusal, serve

port, key = int(sys.argv[1]), sys.argv[2]
engine = QdrantClient(":memory:")
upsert_body = TypeAdapter(models.PointInsertOperations)
selector_body = TypeAdapter(models.PointsSelector)


def envelope(result, status="ok"):
    return {"result": result, "status": status, "time": 0.0001}


def refuse(status, text):
    raise Refusal(status, {"status": {"error": text}, "time": 0.0001})


def plain(value):
    return value.model_dump(mode="json", exclude_none=True)


def on_collection(method, name, body):
    if method == "PUT":
        wanted = TypeAdapter(models.CreateCollection).validate_json(body)
        return engine.create_collection(name, vectors_config=wanted.vectors)
    if method == "GET":
        return plain(engine.get_collection(name))
    if method == "DELETE":
        return engine.delete_collection(name)
    return refuse(405, "method")


def upsert(name, body):
    wanted = upsert_body.validate_json(body)
    points = wanted.points if isinstance(wanted, models.PointsList) else wanted.batch
    return plain(engine.upsert(name, points=points))


def query(name, body):
    wanted = models.QueryRequest.model_validate_json(body)
    found = engine.query_points(
        name,
        query=wanted.query,
        limit=wanted.limit or 10,
        query_filter=wanted.filter,
        with_payload=wanted.with_payload or False,
        score_threshold=wanted.score_threshold,
    )
    return {"points": [plain(point) for point in found.points]}


def remove(name, body):
    wanted = selector_body.validate_json(body)
    selector = wanted if isinstance(wanted, models.FilterSelector) else wanted.points
    return plain(engine.delete(name, points_selector=selector))


def scroll(name, body):
    wanted = models.ScrollRequest.model_validate_json(body)
    points, _ = engine.scroll(name, limit=wanted.limit or 10, with_payload=True)
    return {"points": [plain(point) for point in points], "next_page_offset": None}


ON_POINTS = {
    ("PUT", ""): upsert,
    ("POST", "/query"): query,
    ("POST", "/delete"): remove,
    ("POST", "/scroll"): scroll,
}


def answer(method, path, _, headers, body):
    if headers.get("api-key") != key:
        refuse(403, "Forbidden")
    if path == "/":
        return {"title": "qdrant", "version": "1.20.0"}
    match = re.fullmatch(r"/collections/([^/]+)(?:/points(/\w+)?|(/points))?", path)
    if not match:
        refuse(404, "Not found")
    name = match[1]
    on_points = "/points" in path
    try:
        if not on_points:
            return envelope(on_collection(method, name, body))
        operation = ON_POINTS.get((method, match[2] or ""))
        if operation is None:
            refuse(404, "Not found")
        return envelope(operation(name, body))
    except ValidationError as error:
        return refuse(400, f"Format error in JSON body: {error.errors()[0]['msg']}")
    except (ValueError, KeyError) as error:
        return refuse(404 if "not found" in str(error) else 400, str(error))


serve(port, answer)
