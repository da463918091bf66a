/** The request and response formats of embedding services. */
export enum EmbeddingShape {
  OpenAi = 0,
  Azure = 1,
  DashScope = 2,
  Cohere = 3,
  Ollama = 4,
  HuggingFace = 5,
  TextIn = 6,
  Xfyun = 7,
}

const NO_KEYS: string[] = [];

/** A value of `embedding.type`: a row of the table below. */
export class EmbeddingProvider {
  readonly type: string = "";
  readonly shape: EmbeddingShape = EmbeddingShape.OpenAi;
  /** The default host; "" for none. */
  readonly host: string = "";
  readonly port: i32 = 443;
  /** Path, with the placeholders `{model}` and `{apiVersion}`. */
  readonly path: string = "";
  readonly model: string = "";
  /** A warning about `model`, which is kept for compatibility; "" for none. */
  readonly modelAdvice: string = "";
  /** Path of the vector in the answer: member names and indexes, "" for the root. */
  readonly reply: string = "";
  /** Required keys. */
  readonly required: string[] = NO_KEYS;
}

const PROVIDERS: EmbeddingProvider[] = [
  <EmbeddingProvider>{
    type: "dashscope",
    shape: EmbeddingShape.DashScope,
    host: "dashscope.aliyuncs.com",
    path: "/api/v1/services/embeddings/text-embedding/text-embedding",
    model: "text-embedding-v2",
    reply: "output.embeddings.0.embedding",
    required: ["apiKey"],
  },
  <EmbeddingProvider>{
    type: "openai",
    shape: EmbeddingShape.OpenAi,
    host: "api.openai.com",
    path: "/v1/embeddings",
    model: "text-embedding-3-small",
    reply: "data.0.embedding",
    required: ["apiKey"],
  },
  <EmbeddingProvider>{
    type: "azure",
    shape: EmbeddingShape.Azure,
    path: "/openai/deployments/{model}/embeddings?api-version={apiVersion}",
    model: "text-embedding-ada-002",
    reply: "data.0.embedding",
    required: ["apiKey", "apiVersion"],
  },
  <EmbeddingProvider>{
    type: "cohere",
    shape: EmbeddingShape.Cohere,
    host: "api.cohere.com",
    path: "/v2/embed",
    model: "embed-english-v2.0",
    modelAdvice:
      "is an old model for English only; embed-v4.0 and embed-multilingual-v3.0 are its successors",
    reply: "embeddings.float.0",
    required: ["apiKey"],
  },
  <EmbeddingProvider>{
    type: "ollama",
    shape: EmbeddingShape.Ollama,
    host: "localhost",
    port: 11434,
    path: "/api/embed",
    model: "llama3.2",
    modelAdvice: "is not an embedding model; nomic-embed-text and bge-m3 are",
    reply: "embeddings.0",
  },
  <EmbeddingProvider>{
    type: "huggingface",
    shape: EmbeddingShape.HuggingFace,
    host: "router.huggingface.co",
    path: "/hf-inference/models/{model}/pipeline/feature-extraction",
    model: "sentence-transformers/all-MiniLM-L6-v2",
    required: ["apiKey"],
  },
  <EmbeddingProvider>{
    type: "textin",
    shape: EmbeddingShape.TextIn,
    host: "api.textin.com",
    path: "/ai/service/v1/acge_embedding",
    reply: "result.embedding.0",
    required: ["textinAppId", "textinSecretCode", "textinMatryoshkaDim"],
  },
  <EmbeddingProvider>{
    type: "xfyun",
    shape: EmbeddingShape.Xfyun,
    host: "emb-cn-huabei-1.xf-yun.com",
    path: "/",
    reply: "payload.feature.text",
    required: ["apiKey", "appId", "apiSecret"],
  },
];

/** The values of `embedding.type`. */
export function embeddingTypes(): string[] {
  const types: string[] = [];
  for (let i = 0; i < PROVIDERS.length; i++) types.push(PROVIDERS[i].type);
  return types;
}

/** The provider of a type, null when there is none. */
export function findEmbeddingProvider(type: string): EmbeddingProvider | null {
  for (let i = 0; i < PROVIDERS.length; i++) {
    if (PROVIDERS[i].type == type) return PROVIDERS[i];
  }
  return null;
}
