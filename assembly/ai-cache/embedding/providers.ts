/** How a service wants a text, and where its vector stands in the answer. */
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

/** What `embedding.type` stands for. */
export class EmbeddingProvider {
  constructor(
    readonly type: string,
    readonly shape: i32,
    /** Host when the configuration names none, "" when the service has no usual one. */
    readonly host: string,
    readonly port: i32,
    /** Path; `{model}` and `{apiVersion}` are put in. */
    readonly path: string,
    readonly model: string,
    /** Where the vector stands in the answer: member names and indexes, "" for all of it. */
    readonly reply: string,
    /** Keys that the configuration must have, separated by blanks. */
    readonly required: string,
  ) {}
}

/** A warning about a default model that is kept for compatibility; "" when there is none. */
export function modelAdvice(type: string, model: string): string {
  if (type == "cohere" && model == "embed-english-v2.0") {
    return "is an old model for English only; embed-v4.0 and embed-multilingual-v3.0 are its successors";
  }
  if (type == "ollama" && model == "llama3.2") {
    return "is no embedding model; nomic-embed-text and bge-m3 are";
  }
  return "";
}

const PROVIDERS: EmbeddingProvider[] = [
  new EmbeddingProvider(
    "dashscope",
    EmbeddingShape.DashScope,
    "dashscope.aliyuncs.com",
    443,
    "/api/v1/services/embeddings/text-embedding/text-embedding",
    "text-embedding-v2",
    "output.embeddings.0.embedding",
    "apiKey",
  ),
  new EmbeddingProvider(
    "openai",
    EmbeddingShape.OpenAi,
    "api.openai.com",
    443,
    "/v1/embeddings",
    "text-embedding-3-small",
    "data.0.embedding",
    "apiKey",
  ),
  new EmbeddingProvider(
    "azure",
    EmbeddingShape.Azure,
    "",
    443,
    "/openai/deployments/{model}/embeddings?api-version={apiVersion}",
    "text-embedding-ada-002",
    "data.0.embedding",
    "apiKey apiVersion",
  ),
  new EmbeddingProvider(
    "cohere",
    EmbeddingShape.Cohere,
    "api.cohere.com",
    443,
    "/v2/embed",
    "embed-english-v2.0",
    "embeddings.float.0",
    "apiKey",
  ),
  new EmbeddingProvider(
    "ollama",
    EmbeddingShape.Ollama,
    "localhost",
    11434,
    "/api/embed",
    "llama3.2",
    "embeddings.0",
    "",
  ),
  new EmbeddingProvider(
    "huggingface",
    EmbeddingShape.HuggingFace,
    "router.huggingface.co",
    443,
    "/hf-inference/models/{model}/pipeline/feature-extraction",
    "sentence-transformers/all-MiniLM-L6-v2",
    "",
    "apiKey",
  ),
  new EmbeddingProvider(
    "textin",
    EmbeddingShape.TextIn,
    "api.textin.com",
    443,
    "/ai/service/v1/acge_embedding",
    "",
    "result.embedding.0",
    "textinAppId textinSecretCode textinMatryoshkaDim",
  ),
  new EmbeddingProvider(
    "xfyun",
    EmbeddingShape.Xfyun,
    "emb-cn-huabei-1.xf-yun.com",
    443,
    "/",
    "",
    "payload.feature.text",
    "apiKey appId apiSecret",
  ),
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
