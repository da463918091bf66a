import { Bytes } from "../../../proxy-wasm/bytes";
import { PathPattern } from "../../../http/path-pattern";
import { JsonDocument, Kind } from "../../../json/document";

/** Most lists of outputs of an answer. */
const MAX_LISTS: i32 = 16;

const VALUES = Bytes.of("values");

/** The format of one embeddings API. */
export class ItemForm {
  readonly paths: PathPattern[] = [];
  /** Path of the list of inputs in a request; empty for requests with one item. */
  readonly inputs: Bytes[];
  /** Whether a text, or a list of numbers, counts as a list of one. */
  isScalarToo: bool = false;
  /**
   * Paths of the lists of outputs in an answer; the first is required. An object of lists may take the
   * place of a list.
   */
  readonly outputs: Bytes[][] = [];
  /** Path of the vector in an output; empty for the output itself. */
  vectors: Bytes[] = [];
  /** Member of an output with the index of its input; empty if the order decides. */
  index: Bytes = Bytes.empty();
  /** Paths of the counts in an answer. */
  readonly usage: Bytes[];
  /** Member of a request that makes its items depend on each other. */
  dependent: Bytes = Bytes.empty();

  /** Names are separated by dots. */
  constructor(paths: string[], inputs: string, outputs: string[], usage: string) {
    this.inputs = namesIn(inputs);
    this.usage = namesIn(usage);
    for (let i = 0; i < paths.length; i++) this.paths.push(new PathPattern(paths[i]));
    for (let i = 0; i < outputs.length; i++) this.outputs.push(namesIn(outputs[i]));
  }

  /** Node of the inputs; −1 when there are none. */
  inputsIn(request: JsonDocument): i32 {
    if (this.inputs.length == 0) return -1;
    const dependent = request.member(0, this.dependent);
    if (!request.isAbsent(dependent) && request.kind(dependent) != Kind.False) return -1;
    return follow(request, this.inputs);
  }

  /** The nodes of the items in the inputs at `node`; empty if they are unknown. */
  itemsIn(request: JsonDocument, node: i32): i32[] {
    const items: i32[] = [];
    const kind = request.kind(node);
    const isText = kind == Kind.String;
    const isNumbers = kind == Kind.Array && request.kind(node + 1) == Kind.Number;
    if (isText || isNumbers) {
      if (this.isScalarToo) items.push(node);
      return items;
    }
    if (kind != Kind.Array) return items;
    for (let item = request.first(node); item >= 0; item = request.after(item)) {
      items.push(item);
    }
    return items;
  }

  /**
   * The lists of outputs in an answer, in text order; null when one is missing or invalid, or there are too
   * many.
   */
  listsIn(answer: JsonDocument): i32[] | null {
    const lists: i32[] = [];
    for (let i = 0; i < this.outputs.length; i++) {
      const node = follow(answer, this.outputs[i]);
      if (answer.isAbsent(node) && i > 0) continue;
      if (answer.kind(node) == Kind.Array) lists.push(node);
      else if (answer.kind(node) != Kind.Object) return null;
      const first = answer.kind(node) == Kind.Object ? answer.first(node) : -1;
      for (let key = first; key >= 0; key = answer.after(key + 1)) {
        const member = key + 1;
        // Some services return null for types that were not requested.
        if (answer.kind(member) == Kind.Array && lists.length < MAX_LISTS) lists.push(member);
        else if (!answer.isAbsent(member)) return null;
      }
      if (lists.length == 0) return null;
    }
    return lists.sort((a, b) => a - b);
  }

  /** Number of values of the vector of an output of the first lists; 0 when it has none. */
  lengthOf(answer: JsonDocument, output: i32): i32 {
    let vector = output;
    for (let i = 0; i < this.vectors.length; i++) {
      vector = answer.member(output, this.vectors[i]);
      if (!answer.isAbsent(vector)) break;
    }
    // Vertex AI returns statistics of the vector with its values.
    if (answer.kind(vector) == Kind.Object) vector = answer.member(vector, VALUES);
    if (answer.kind(vector) == Kind.String) return answer.end(vector) - answer.start(vector);
    return answer.kind(vector) == Kind.Array ? answer.size(vector) : 0;
  }
}

/** The node that names lead to; −1 for none. */
export function follow(document: JsonDocument, names: Bytes[]): i32 {
  let node = 0;
  for (let i = 0; i < names.length; i++) node = document.member(node, names[i]);
  return node;
}

function namesIn(path: string): Bytes[] {
  const names: Bytes[] = [];
  if (path.length == 0) return names;
  const parts = path.split(".");
  for (let i = 0; i < parts.length; i++) names.push(Bytes.of(parts[i]));
  return names;
}
