/**
 * Names of models of every generation that the modules distinguish, besides those in `DESTINATIONS`. A test fails
 * if a row of the modules' tables has a model in neither.
 */
const GPT = [
  "codex-mini-latest",
  "gpt-3.5-turbo",
  "gpt-4.1",
  "gpt-5-chat-latest",
  "gpt-5-mini",
  "gpt-5.1",
  "gpt-5.2",
  "gpt-5.3-codex",
  "gpt-5.4",
  "gpt-5.5",
  "gpt-5.6-terra",
  "gpt-5.7",
  "gpt-5.8",
  "gpt-5.9",
  "gpt-6-sol",
  "gpt-7",
  "o1",
  "o3",
  "o4-mini",
];
const CLAUDE = [
  "claude-3-7-sonnet-20250219",
  "claude-3-5-haiku-20241022",
  "claude-haiku-4-5",
  "claude-sonnet-4-20250514",
  "claude-sonnet-4-5",
  "claude-opus-4-1",
  "claude-opus-4-5",
  "claude-opus-4-6",
  "claude-sonnet-4-6",
  "claude-opus-4-7",
  "claude-opus-4-8",
  "claude-opus-5",
  "claude-opus-5-5",
  "claude-sonnet-5-5",
  "claude-fable-5",
  "claude-mythos-5",
];
const GEMINI = ["gemini-1.5-pro", "gemma-3-27b-it"];

/** By the destination's name. */
export const MORE_MODELS = {
  openai: GPT,
  azure: GPT,
  github: [...GPT.map((name) => `openai/${name}`), "meta/llama-4-scout-17b-16e-instruct"],
  claude: [...CLAUDE, "my-deployment"],
  bedrock: [
    ...CLAUDE.map((name) => `us.anthropic.${name}-v1:0`),
    "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/claude000001",
  ],
  vertex: [...CLAUDE, "claude-next", ...GEMINI],
  gemini: GEMINI,
  deepseek: ["deepseek-reasoner"],
  fireworks: ["accounts/fireworks/models/qwen2p5-72b-instruct"],
  grok: ["grok-4-multi-agent", "grok-3"],
  mistral: ["mistral-medium-3-5", "mistral-small-4", "devstral-3"],
  moonshot: ["kimi-k2-thinking"],
  qwen: ["qwen3.6-max-preview", "qwen3.6-plus", "kimi-k2.6"],
};
