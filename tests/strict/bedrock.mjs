/** What Bedrock rejects in Converse requests. */
import { claudeVersion, GENERATIONS } from "./claude.mjs";
import { rule } from "./rule.mjs";
import { converseFaults } from "./service-model.mjs";

const form = (message) => ({ message });
const said = (id, source, find) => rule(id, source, find, { form });
const blocksOf = (body) =>
  (body.messages ?? []).flatMap(({ role, content }, index) =>
    content.map((block, at) => ({ role, block, index, at })),
  );

/** The request with Anthropic's names, as Bedrock passes it to the model. */
function asClaude(body) {
  const config = body.inferenceConfig ?? {};
  const choice = body.toolConfig?.toolChoice;
  return {
    ...body.additionalModelRequestFields,
    messages: body.messages,
    ...(config.maxTokens !== undefined && { max_tokens: config.maxTokens }),
    ...(config.temperature !== undefined && { temperature: config.temperature }),
    ...(config.topP !== undefined && { top_p: config.topP }),
    ...(choice && { tool_choice: { type: Object.keys(choice)[0] } }),
  };
}

/** Efforts other than these are rejected. Source: BerriAI/litellm 1.110.2, ceilings of Bedrock. */
function ceiling(model) {
  const { family, version } = claudeVersion(model);
  if (version < 4.6) return family === "opus" ? ["low", "medium", "high"] : [];
  return version < 4.7 ? ["low", "medium", "high", "max"] : ["low", "medium", "high", "xhigh"];
}

const isClaude = (model) => /claude/.test(model);

export const BEDROCK = [
  said("service model", "AWS' model of the Converse API, in botocore", (body, { model }) => {
    const faults = converseFaults(model, body);
    const many = `${faults.length} validation error${faults.length === 1 ? "" : "s"} detected`;
    return faults.length > 0 && `${many}: ${faults.join("; ")}`;
  }),
  said(
    "messages missing",
    "AWS, Converse: a conversation must start with a user message (aws/bedrock-access-gateway#130)",
    (body) =>
      body.messages?.[0]?.role !== "user" &&
      "A conversation must start with a user message. Try again with a conversation that starts with a user message.",
  ),
  said(
    "roles take turns",
    "AWS, Converse: roles must alternate between user and assistant",
    (body) => {
      const at = body.messages.findIndex(
        ({ role }, index) => role !== (index % 2 === 0 ? "user" : "assistant"),
      );
      return (
        at >= 0 &&
        `messages.${at}: roles must alternate between "user" and "assistant", but found multiple`
      );
    },
  ),
  said(
    "blank text",
    "AWS, Converse: the text field of a ContentBlock must not be blank (many public reports)",
    (body) => {
      const bad = blocksOf(body).find(
        ({ block }) => block.text !== undefined && !block.text.trim(),
      );
      if (bad) {
        return `The text field in the ContentBlock object at messages.${bad.index}.content.${bad.at} is blank. Add text to the text field, and try again.`;
      }
      const empty = body.messages.findIndex(({ content }) => content.length === 0);
      return (
        empty >= 0 &&
        `The content field in the Message object at messages.${empty} is empty. Add a ContentBlock object to the content field and try again.`
      );
    },
  ),
  said(
    "toolConfig missing",
    "vxcontrol/pentagi#196, patriceckhart/zot#18, nearai/ironclaw#1710",
    (body) =>
      blocksOf(body).some(({ block }) => block.toolUse || block.toolResult) &&
      !(body.toolConfig?.tools?.length > 0) &&
      "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
  ),
  said(
    "ids and names",
    "AWS API reference, ToolUseBlock and ToolSpecification: [a-zA-Z0-9_-]+, 1 to 64",
    (body) => {
      const pattern = /^[a-zA-Z0-9_-]{1,64}$/;
      const fault = (value, place) =>
        `1 validation error detected: Value '${value}' at '${place}' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+`;
      for (const { block, index, at } of blocksOf(body)) {
        const id = block.toolUse?.toolUseId ?? block.toolResult?.toolUseId;
        if (id !== undefined && !pattern.test(id)) {
          return fault(id, `messages.${index + 1}.member.content.${at + 1}.member.toolUseId`);
        }
        if (block.toolUse && !pattern.test(block.toolUse.name))
          return fault(block.toolUse.name, "name");
      }
      const bad = body.toolConfig?.tools?.find(
        ({ toolSpec }) => toolSpec && !pattern.test(toolSpec.name),
      );
      return bad && fault(bad.toolSpec.name, "toolConfig.tools.1.member.toolSpec.name");
    },
  ),
  said(
    "call without result",
    "AWS, Converse: expected toolResult blocks for the toolUse blocks before (many public reports)",
    (body) => {
      for (const [index, { content }] of body.messages.entries()) {
        const wanted = new Set(content.flatMap(({ toolUse }) => toolUse?.toolUseId ?? []));
        for (const { toolResult } of body.messages[index + 1]?.content ?? []) {
          wanted.delete(toolResult?.toolUseId);
        }
        if (wanted.size > 0) {
          return `Expected toolResult blocks at messages.${index + 1}.content for the following Ids: ${[...wanted].join(", ")}`;
        }
        const called = new Set(
          (body.messages[index - 1]?.content ?? []).flatMap(
            ({ toolUse }) => toolUse?.toolUseId ?? [],
          ),
        );
        const orphan = content.find(
          ({ toolResult }) => toolResult && !called.has(toolResult.toolUseId),
        );
        if (orphan) {
          return `The number of toolResult blocks at messages.${index}.content exceeds the number of toolUse blocks of previous turn.`;
        }
      }
      return undefined;
    },
  ),
  said("cache points", "AWS, prompt caching: at most four cache checkpoints", (body) => {
    const count = JSON.stringify(body).split('"cachePoint"').length - 1;
    return count > 4 && `You have exceeded the maximum number of cache checkpoints: ${count} > 4`;
  }),
  said("thinking lost", "RooCodeInc/Roo-Code#11238, onyx-dot-app/onyx#13691", (body, { model }) => {
    const { thinking } = body.additionalModelRequestFields ?? {};
    if (!isClaude(model) || thinking?.type !== "enabled") return undefined;
    const last = body.messages.findLastIndex(({ role }) => role === "assistant");
    const content = body.messages[last]?.content;
    return (
      content?.some(({ toolUse }) => toolUse) &&
      !content[0].reasoningContent &&
      `The model returned the following errors: messages.${last}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`tool_use\`.`
    );
  }),
  said(
    "effort above the ceiling",
    "BerriAI/litellm 1.110.2, ceilings of effort on Bedrock",
    (body, { model }) => {
      const effort = body.additionalModelRequestFields?.output_config?.effort;
      return (
        effort !== undefined &&
        isClaude(model) &&
        !ceiling(model).includes(effort) &&
        `The model returned the following errors: output_config.effort: '${effort}' is not supported by this model`
      );
    },
  ),
  ...GENERATIONS.filter(({ id }) => id !== "effort").map(({ id, source, find }) =>
    said(id, source, (body, context) => {
      const words = isClaude(context.model) && find(asClaude(body), context);
      return words && `The model returned the following errors: ${words}`;
    }),
  ),
];
