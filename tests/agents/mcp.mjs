/** An MCP server with one tool, whose name is longer than most vendors allow. */
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const MCP_SERVER = fileURLToPath(import.meta.url);

/** Longer than 64 characters with the server's name as prefix. */
export const LONG_TOOL = "lookup_of_everything_that_is_written_about_a_subject_in_all_documents";

const TOOL = {
  name: LONG_TOOL,
  description: "looks something up",
  inputSchema: { type: "object", properties: { q: { type: "string" } }, required: ["q"] },
};

function answer({ method, params }) {
  if (method === "initialize") {
    return {
      protocolVersion: params.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: "docs", version: "1" },
    };
  }
  if (method === "tools/list") return { tools: [TOOL] };
  if (method === "tools/call") {
    return { content: [{ type: "text", text: `looked up ${params.arguments.q}` }] };
  }
  return {};
}

if (process.argv[1] === MCP_SERVER) {
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line);
    if (message.id === undefined) continue;
    const reply = { jsonrpc: "2.0", id: message.id, result: answer(message) };
    process.stdout.write(`${JSON.stringify(reply)}\n`);
  }
}
