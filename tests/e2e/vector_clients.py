"""Drives a fake vector store with the vendor's own client: vector_clients.py CLIENT PORT"""

import sys

client, port = sys.argv[1], int(sys.argv[2])
ID = "5c56c793-69f3-5fbf-87e6-c4bf54c28c26"
FIELDS = {"answer": "a", "scope": "5c0e", "exp": 0, "v": 1}

if client == "pinecone":
    from pinecone import Pinecone

    index = Pinecone(api_key="key").Index(host=f"http://127.0.0.1:{port}")
    point = {"id": ID, "values": [1.0, 0.0, 0.0], "metadata": {"question": "q", **FIELDS}}
    assert index.upsert(vectors=[point], namespace="ns").upserted_count == 1
    wish = {"vector": [0.9, 0.1, 0.0], "top_k": 1, "namespace": "ns", "include_metadata": True}
    found = index.query(**wish, filter={"scope": {"$eq": "5c0e"}}).matches
    assert found[0].id == ID and found[0].metadata["question"] == "q", found
    assert 0.99 < found[0].score < 1, found
    assert index.query(**wish, filter={"scope": {"$eq": "other"}}).matches == []
    index.delete(ids=[ID], namespace="ns")
    assert index.query(**wish).matches == []
elif client == "dashvector":
    import os

    os.environ["DASHVECTOR_INSECURE_MODE"] = "true"
    import dashvector.common.handler
    from dashvector import Client, Doc
    from dashvector.common.types import DashVectorProtocol

    # Its pattern for addresses does not allow ports.
    dashvector.common.handler.verify_endpoint = lambda _: True
    service = Client(api_key="key", endpoint=f"127.0.0.1:{port}", protocol=DashVectorProtocol.HTTP)
    collection = service.get("faq")
    assert collection, collection
    assert collection.upsert(Doc(id=ID, vector=[1.0, 0.0, 0.0], fields={"query": "q", **FIELDS}))
    found = collection.query(vector=[0.9, 0.1, 0.0], topk=1, filter="scope = '5c0e'")
    assert found and found.output[0].fields["query"] == "q", found
    assert 0 < found.output[0].score < 0.01, found
    assert collection.query(vector=[0.9, 0.1, 0.0], topk=1, filter="scope = 'ff'").output == []
    assert collection.delete([ID])
    assert collection.query(vector=[0.9, 0.1, 0.0], topk=1).output == []
else:
    from qdrant_client import QdrantClient, models

    service = QdrantClient(url=f"http://127.0.0.1:{port}", api_key="key")
    vectors = models.VectorParams(size=3, distance=models.Distance.COSINE)
    service.create_collection("judge", vectors_config=vectors)
    point = models.PointStruct(id=ID, vector=[1.0, 0.0, 0.0], payload={"question": "q", **FIELDS})
    service.upsert("judge", points=[point])

    def found(scope):
        condition = models.FieldCondition(key="scope", match=models.MatchValue(value=scope))
        wish = models.Filter(must=[condition])
        return service.query_points("judge", query=[0.9, 0.1, 0.0], limit=1, query_filter=wish).points

    assert found("5c0e")[0].payload["question"] == "q"
    assert 0.99 < found("5c0e")[0].score < 1
    assert found("other") == []
    service.delete("judge", points_selector=[ID])
    assert found("5c0e") == []
    service.delete_collection("judge")

print("ok")
