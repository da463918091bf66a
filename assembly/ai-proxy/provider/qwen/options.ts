/** What is configured for requests in DashScope's native protocol. */
export class QwenOptions {
  constructor(
    /** `qwenEnableSearch`. */
    readonly search: bool,
    /** `qwenFileIds`, for qwen-long. */
    readonly fileIds: string[],
  ) {}
}
