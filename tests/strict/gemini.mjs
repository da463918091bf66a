/** What Gemini rejects, in the Gemini API and on Vertex AI. */
import { rule } from "./rule.mjs";

const form = (message) => ({ error: { code: 400, message, status: "INVALID_ARGUMENT" } });
const said = (id, source, find) => rule(id, source, find, { form });
/** Generations without thought signatures: Gemini 1 and 2, and Gemma. */
const isOld = (model) => /(^|\/)(gemini-[12](\D|$)|gemma)/.test(model);
const calls = (content) => (content.parts ?? []).filter(({ functionCall }) => functionCall);
const results = (content) =>
  (content.parts ?? []).filter(({ functionResponse }) => functionResponse);

export const GEMINI = [
  said(
    "contents missing",
    "Mai-with-u/MaiBot#1915; Gemini API reference: contents is required",
    (body) =>
      !(body.contents?.length > 0) &&
      "* GenerateContentRequest.contents: contents is not specified\n",
  ),
  said(
    "empty parts",
    "Vertex AI: Unable to submit request because it must have a text parameter (Mai-with-u/MaiBot#1915)",
    (body) => {
      for (const { parts } of body.contents) {
        if (!(parts?.length > 0))
          return "Unable to submit request because it must include at least one parts field.";
        if (parts.some(({ text }) => text === "")) {
          return "Unable to submit request because it has an empty text parameter. Add a value to the parameter and try again.";
        }
      }
      return undefined;
    },
  ),
  said(
    "first turn",
    "Gemini API, function calling: a call's turn comes after a user's turn or a function's response",
    (body) => {
      for (const [index, content] of body.contents.entries()) {
        if (calls(content).length > 0 && body.contents[index - 1]?.role !== "user") {
          return "Please ensure that function call turn comes immediately after a user turn or after a function response turn.";
        }
      }
      return undefined;
    },
  ),
  said(
    "number of results",
    "Gemini API: the number of function response parts equals that of function call parts (google-gemini/gemini-cli#1690, #16543; for results that come twice #29365, #29366)",
    (body) => {
      for (const [index, content] of body.contents.entries()) {
        const wanted = calls(content).length;
        const next = body.contents[index + 1];
        if (wanted > 0 && (!next || results(next).length !== wanted)) {
          return "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";
        }
        if (results(content).length > 0 && calls(body.contents[index - 1] ?? {}).length === 0) {
          return "Please ensure that function response turn comes immediately after a function call turn.";
        }
      }
      return undefined;
    },
  ),
  said(
    "thought signature",
    "Gemini API docs, thought signatures: the first call of each step of the current turn; router-for-me/CLIProxyAPI#2098, 8monkey-ai/hebo-gateway#171",
    (body, { model }) => {
      if (isOld(model)) return undefined;
      const start = body.contents.findLastIndex(
        ({ role, parts }) =>
          role === "user" && !parts.every(({ functionResponse }) => functionResponse),
      );
      for (const [index, content] of body.contents.entries()) {
        const first = calls(content)[0];
        if (index > start && first && !first.thoughtSignature) {
          return `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${first.functionCall.name}\`, position ${index + 1}.`;
        }
      }
      return undefined;
    },
  ),
  said(
    "thinking",
    "Gemini API docs, thinking: levels from 3 on, budgets before; never both",
    (body, { model }) => {
      const thinking = body.generationConfig?.thinkingConfig ?? {};
      const { thinkingLevel: level, thinkingBudget: budget } = thinking;
      if (level === undefined) return undefined;
      if (budget !== undefined) {
        return "You can only set only one of thinking budget and thinking level.";
      }
      if (isOld(model)) return "Thinking level is not supported for this model.";
      return (
        !["MINIMAL", "LOW", "MEDIUM", "HIGH"].includes(String(level).toUpperCase()) &&
        `Invalid value at 'generation_config.thinking_config.thinking_level': "${level}"`
      );
    },
  ),
  said(
    "name of a function",
    "Gemini API reference, FunctionDeclaration.name: begins with a letter or _, then letters, digits, _ . : -, at most 64",
    (body) => {
      const all = (body.tools ?? []).flatMap((tool) => tool.functionDeclarations ?? []);
      const bad = all.find(({ name }) => !/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/.test(name ?? ""));
      return (
        bad &&
        "Invalid function name. Must start with a letter or an underscore. Must be alphameric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64."
      );
    },
  ),
];
