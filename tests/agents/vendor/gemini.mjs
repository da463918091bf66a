/** Gemini's generateContent, at the Gemini API and at Vertex AI. */
import { parts, sse } from "./wire.mjs";

export function read(body, url) {
  return {
    tools: (body.tools ?? []).flatMap((tool) =>
      (tool.functionDeclarations ?? []).map(({ name }) => name),
    ),
    stream: url.includes(":streamGenerateContent"),
    turns: (body.contents ?? []).map(({ role, parts: all }) => ({
      role: role === "model" ? "assistant" : "user",
      text: parts(all, "text"),
      results: all.flatMap(({ functionResponse }) =>
        functionResponse ? [{ text: JSON.stringify(functionResponse.response) }] : [],
      ),
      calls: all.flatMap(({ functionCall }) =>
        functionCall
          ? [{ name: functionCall.name, input: JSON.stringify(functionCall.args ?? {}) }]
          : [],
      ),
      images: all.flatMap(({ inlineData, functionResponse }) => [
        ...(inlineData ? [inlineData.data] : []),
        ...(functionResponse?.parts ?? []).flatMap((part) => part.inlineData?.data ?? []),
      ]),
      thinking: all.flatMap(({ thoughtSignature }) => thoughtSignature ?? []),
    })),
  };
}

const isOld = (model) => /(^|\/)gemini-[12](\D|$)/.test(model);

export function write({ thinking, text, calls, usage }, { model, body, url, mint, sign }) {
  const content = [];
  if (thinking && body.generationConfig?.thinkingConfig?.includeThoughts) {
    content.push({ text: thinking, thought: true });
  }
  if (text) content.push({ text });
  for (const [index, { name, input }] of calls.entries()) {
    const signature = index === 0 && !isOld(model) ? { thoughtSignature: sign() } : {};
    content.push({ functionCall: { name, args: input }, ...signature });
  }
  const answer = (all, end) => ({
    candidates: [
      { content: { role: "model", parts: all }, index: 0, ...(end && { finishReason: "STOP" }) },
    ],
    usageMetadata: {
      promptTokenCount: usage.input,
      candidatesTokenCount: usage.output,
      totalTokenCount: usage.input + usage.output,
    },
    modelVersion: model,
    responseId: `r${mint()}`,
  });
  if (!url.includes(":streamGenerateContent")) {
    return { type: "application/json", pieces: [JSON.stringify(answer(content, true))] };
  }
  return {
    type: "text/event-stream",
    pieces: content.map((part, index) => sse(answer([part], index === content.length - 1))),
  };
}
