/** The operator's options for requests to DashScope's native API. */
export class QwenOptions {
  constructor(
    /** `qwenEnableSearch`. */
    readonly search: bool,
    /** `qwenFileIds`, for qwen-long. */
    readonly fileIds: string[],
  ) {}
}
