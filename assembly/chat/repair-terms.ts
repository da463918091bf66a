/** The blocks of content that a vendor's endpoint for Anthropic's protocol knows. */
export enum KnownBlocks {
  /** All, or nothing is known about it. */
  All,
  /** Texts, images, tools and thoughts, and searches that the vendor runs. */
  Searches,
  /** Texts, images, tools and thoughts. */
  Plain,
}

/** What the model of a native request accepts, of what its client cannot know. */
export class RepairTerms {
  constructor(
    /** Whether it signs its reasoning and rejects that of others. */
    readonly signs: bool,
    /** Whether it reads texts alone. */
    readonly textOnly: bool,
    readonly blocks: KnownBlocks,
    /** Whether a turn with calls must begin with its reasoning. */
    readonly needsThoughts: bool,
  ) {}
}
