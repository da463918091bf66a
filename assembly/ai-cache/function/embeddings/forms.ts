/** The request and response formats of embeddings APIs. */
import { Bytes } from "../../../proxy-wasm/bytes";
import { ItemForm } from "./item-form";

/** OpenAI's, which most services speak; Jina's late chunking makes the vector of one text depend on the others. */
function openAi(): ItemForm {
  const form = new ItemForm(["/embeddings"], "input", ["data"], "usage");
  form.isScalarToo = true;
  form.vectors = [Bytes.of("embedding"), Bytes.of("embeddings")];
  form.index = Bytes.of("index");
  form.dependent = Bytes.of("late_chunking");
  return form;
}

/** Cohere's: the vectors alone, or lists of them by type; the texts are returned with them. */
function cohere(): ItemForm {
  return new ItemForm(["/embed"], "texts", ["embeddings", "texts"], "meta.billed_units");
}

/** DashScope's own. */
function dashScope(): ItemForm {
  const path = "/text-embedding/text-embedding";
  const form = new ItemForm([path], "input.texts", ["output.embeddings"], "usage");
  form.vectors = [Bytes.of("embedding"), Bytes.of("sparse_embedding")];
  form.index = Bytes.of("text_index");
  return form;
}

/** DashScope's of texts, pictures and videos. */
function dashScopeMixed(): ItemForm {
  const path = "/multimodal-embedding/multimodal-embedding";
  const form = new ItemForm([path], "input.contents", ["output.embeddings"], "usage");
  form.vectors = [Bytes.of("embedding")];
  form.index = Bytes.of("index");
  return form;
}

/** Google's, of several texts. */
function googleBatch(): ItemForm {
  const outputs = ["embeddings"];
  const form = new ItemForm(["/*:batchEmbedContents"], "requests", outputs, "usageMetadata");
  form.vectors = [Bytes.of("values")];
  return form;
}

/** Google's, of one text: a list of none, and one vector in an object. */
function googleSingle(): ItemForm {
  return new ItemForm(["/*:embedContent"], "", ["embedding"], "usageMetadata");
}

/** Vertex AI's. The path has other models as well, whose answers are none of these. */
function vertex(): ItemForm {
  const form = new ItemForm(["/models/*:predict"], "instances", ["predictions"], "metadata");
  form.vectors = [Bytes.of("embeddings")];
  return form;
}

/** In the order in which their paths are compared. */
export const FORMS: ItemForm[] = [
  openAi(),
  cohere(),
  dashScope(),
  dashScopeMixed(),
  googleBatch(),
  googleSingle(),
  vertex(),
];
