/** Pinecone and DashVector, of which nothing runs outside the vendors' clouds: stand-ins behind HTTP. */
import { VectorServer } from "../fakes/vector-server.mjs";
import { STORES } from "../fakes/vector-stores.mjs";

const starter = (type) => async (dimensions) => {
  const server = await VectorServer.start(type, dimensions);
  return {
    port: server.port,
    vector: { type, ...STORES[type].config },
    faults: server.faults,
    count: () => server.store.entries.size,
    putAsGo: (question, vector, answer) =>
      server.store.entries.put(crypto.randomUUID(), vector, { question, answer }),
    stop: () => server.stop(),
  };
};

export const startPinecone = starter("pinecone");
export const startDashVector = starter("dashvector");
