"""Milvus' REST v2 over the vendor's own embedded engine: milvus.py PORT FILE TOKEN"""

import json
import sys

from pymilvus import DataType, MilvusClient, MilvusException
from skin import Refusal, serve

port, file, token = int(sys.argv[1]), sys.argv[2], sys.argv[3]
engine = MilvusClient(file)


def create(body):
    """Create with a schema, as the documentation does it, or in short with a dimension."""
    name = body["collectionName"]
    if "schema" not in body:
        engine.create_collection(name, dimension=body["dimension"], metric_type=body.get("metricType", "COSINE"))
        return {}
    wanted = body["schema"]
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=wanted["enableDynamicField"])
    for field in wanted["fields"]:
        parameters = {"max_length" if k == "max_length" else k: int(v) for k, v in field.get("elementTypeParams", {}).items()}
        kind = {"VarChar": DataType.VARCHAR, "FloatVector": DataType.FLOAT_VECTOR}[field["dataType"]]
        schema.add_field(field["fieldName"], kind, is_primary=field.get("isPrimary", False), **parameters)
    index = engine.prepare_index_params()
    for wish in body["indexParams"]:
        index.add_index(field_name=wish["fieldName"], metric_type=wish["metricType"], index_type="AUTOINDEX")
    engine.create_collection(name, schema=schema, index_params=index)
    return {}


def upsert(body):
    result = engine.upsert(body["collectionName"], body["data"])
    return {"upsertCount": result["upsert_count"], "upsertIds": []}


def search(body):
    found = engine.search(
        body["collectionName"],
        data=body["data"],
        limit=body.get("limit", 100),
        filter=body.get("filter", ""),
        output_fields=body.get("outputFields", []),
        anns_field=body["annsField"],
    )
    rows = []
    for hits in found:
        for hit in hits:
            rows.append({**dict(hit["entity"]), "distance": hit["distance"], "id": hit["id"]})
    return rows


def query(body):
    rows = engine.query(body["collectionName"], filter=body["filter"], output_fields=body.get("outputFields", []))
    return [dict(row) for row in rows]


def remove(body):
    engine.delete(body["collectionName"], filter=body["filter"])
    return {}


ROUTES = {
    "/v2/vectordb/collections/create": create,
    "/v2/vectordb/entities/upsert": upsert,
    "/v2/vectordb/entities/search": search,
    "/v2/vectordb/entities/query": query,
    "/v2/vectordb/entities/delete": remove,
}


def answer(method, path, _, headers, text):
    if path == "/health":
        return {}
    if headers.get("authorization") != f"Bearer {token}":
        raise Refusal(401, {"code": 1800, "message": "user hasn't authenticated"})
    route = ROUTES.get(path)
    if route is None or method != "POST":
        raise Refusal(404, "404 page not found")
    try:
        return {"code": 0, "cost": 0, "data": route(json.loads(text))}
    except json.JSONDecodeError:
        return {"code": 1801, "message": "can only accept json format request"}
    except KeyError as error:
        return {"code": 1802, "message": f"missing required parameters, error: {error}"}
    except MilvusException as error:
        return {"code": error.code or 1100, "message": error.message}


serve(port, answer)
