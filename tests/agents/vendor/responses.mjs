/** OpenAI's Responses API, for requests that reach the vendor in that protocol. */
import { parts, sse } from "./wire.mjs";

const isCall = (item) => /^(function|custom_tool|tool_search)_call$/.test(item.type);
const isOutput = (item) => /_output$/.test(item.type);

/** The declared tools, flattened: `namespace`, `name`, `type`. */
function declared(body) {
  const flat = (tools, namespace) =>
    (tools ?? []).flatMap((tool) =>
      tool.type === "namespace"
        ? flat(tool.tools, tool.name)
        : [{ namespace, name: tool.name ?? tool.type, type: tool.type }],
    );
  const items = Array.isArray(body.input) ? body.input : [];
  return flat([
    ...(body.tools ?? []),
    ...items
      .filter(({ type }) => ["additional_tools", "tool_search_output"].includes(type))
      .flatMap(({ tools }) => tools ?? []),
  ]);
}

const fullName = ({ namespace, name }) =>
  namespace && namespace !== "functions" ? `${namespace}__${name}` : name;

export function read(body) {
  const items = Array.isArray(body.input) ? body.input : [{ role: "user", content: body.input }];
  return {
    tools: declared(body).map(fullName),
    stream: body.stream === true,
    wantsCompaction: items.some(({ type }) => type === "compaction_trigger"),
    turns: items.map((item) => {
      const content = isOutput(item) ? item.output : item.content;
      const images = (Array.isArray(content) ? content : [])
        .filter(({ type }) => type === "input_image")
        .map(({ image_url }) => image_url);
      const isModel = isCall(item) || item.type === "reasoning" || item.role === "assistant";
      return {
        role: item.role === "developer" ? "system" : isModel ? "assistant" : "user",
        text: item.role ? parts(content, "text") : "",
        results: isOutput(item) ? [{ text: parts(content, "text") }] : [],
        calls: isCall(item) ? [{ name: fullName(item), input: item.arguments ?? item.input }] : [],
        images,
        thinking: item.encrypted_content ? [item.encrypted_content] : [],
      };
    }),
  };
}

export function write({ thinking, text, calls, usage, compaction }, { model, body, mint, sign }) {
  const known = declared(body);
  const id = (prefix) => `${prefix}_${String(mint()).padStart(16, "0")}`;
  const output = [];
  if (compaction) {
    output.push({ type: "compaction", id: id("cmp"), encrypted_content: sign() });
  } else {
    if (thinking && body.reasoning) {
      output.push({
        type: "reasoning",
        id: id("rs"),
        summary: [{ type: "summary_text", text: thinking }],
        ...(body.include?.includes("reasoning.encrypted_content") && { encrypted_content: sign() }),
      });
    }
    if (text) {
      const content = [{ type: "output_text", text, annotations: [] }];
      output.push({ type: "message", id: id("msg"), role: "assistant", content });
    }
    for (const { name, input } of calls) {
      const { namespace, name: own, type } = known.find((tool) => fullName(tool) === name);
      const head = { call_id: id("call"), name: own, ...(namespace && { namespace }) };
      if (type === "tool_search") {
        const { call_id } = head;
        output.push({
          type: "tool_search_call",
          id: id("tsc"),
          call_id,
          execution: "client",
          arguments: input,
        });
      } else if (type === "custom") {
        output.push({
          type: "custom_tool_call",
          id: id("ctc"),
          ...head,
          input: input.input,
        });
      } else {
        output.push({
          type: "function_call",
          id: id("fc"),
          ...head,
          arguments: JSON.stringify(input),
        });
      }
    }
  }
  for (const item of output) item.status = "completed";
  const whole = {
    id: id("resp"),
    object: "response",
    created_at: 1_700_000_000,
    model,
    status: "completed",
    output,
    error: null,
    incomplete_details: null,
    parallel_tool_calls: true,
    tool_choice: "auto",
    tools: [],
    usage: {
      input_tokens: usage.input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: usage.input + usage.output,
    },
  };
  if (!body.stream) return { type: "application/json", pieces: [JSON.stringify(whole)] };
  let number = 0;
  const pieces = [];
  const event = (type, members) =>
    pieces.push(sse({ type, sequence_number: number++, ...members }, type));
  const begun = { ...whole, status: "in_progress", output: [], usage: null };
  event("response.created", { response: begun });
  event("response.in_progress", { response: begun });
  for (const [output_index, item] of output.entries()) writeItem(event, output_index, item);
  event("response.completed", { response: whole });
  return { type: "text/event-stream", pieces };
}

/** The events of one item. */
function writeItem(event, output_index, item) {
  const place = { item_id: item.id, output_index };
  const begun = { ...item, status: "in_progress" };
  for (const name of ["content", "summary"]) if (item[name]) begun[name] = [];
  for (const name of ["arguments", "input"]) if (typeof item[name] === "string") begun[name] = "";
  event("response.output_item.added", { output_index, item: begun });
  if (item.type === "message") {
    const [part] = item.content;
    const at = { ...place, content_index: 0 };
    event("response.content_part.added", { ...at, part: { ...part, text: "" } });
    for (const delta of part.text.match(/.{1,12}/gsu))
      event("response.output_text.delta", { ...at, delta, logprobs: [] });
    event("response.output_text.done", { ...at, text: part.text, logprobs: [] });
    event("response.content_part.done", { ...at, part });
  } else if (item.type === "reasoning") {
    const [part] = item.summary;
    const at = { ...place, summary_index: 0 };
    event("response.reasoning_summary_part.added", { ...at, part: { ...part, text: "" } });
    event("response.reasoning_summary_text.delta", { ...at, delta: part.text });
    event("response.reasoning_summary_text.done", { ...at, text: part.text });
    event("response.reasoning_summary_part.done", { ...at, part });
  } else if (item.type === "function_call") {
    event("response.function_call_arguments.delta", { ...place, delta: item.arguments });
    event("response.function_call_arguments.done", { ...place, arguments: item.arguments });
  } else if (item.type === "custom_tool_call") {
    event("response.custom_tool_call_input.delta", { ...place, delta: item.input });
    event("response.custom_tool_call_input.done", { ...place, input: item.input });
  }
  event("response.output_item.done", { output_index, item });
}
