import { Bytes } from "../../../proxy-wasm/bytes";

/** Kinds of apps that Dify runs (`botType`). */
export enum DifyKind {
  Chat,
  Agent,
  Completion,
  Workflow,
}

/** Values of `botType` in the order of `DifyKind`. */
export const DIFY_KINDS: string[] = ["Chat", "Agent", "Completion", "Workflow"];

/** The app that a provider's key selects. */
export class DifyApp {
  constructor(
    /** Of `DifyKind`. */
    readonly kind: i32,
    /** The workflow's input variable for the question. */
    readonly inputVariable: Bytes,
    /** The workflow's output variable with the answer. */
    readonly outputVariable: Bytes,
  ) {}

  /** The app's path, relative to the API's base. */
  get path(): string {
    if (this.kind == DifyKind.Workflow) return "/v1/workflows/run";
    return this.kind == DifyKind.Completion ? "/v1/completion-messages" : "/v1/chat-messages";
  }

  /** Whether the app stores conversations. */
  get isChat(): bool {
    return this.kind == DifyKind.Chat || this.kind == DifyKind.Agent;
  }
}
