import { Bytes } from "../../proxy-wasm/bytes";

/** A tool that Anthropic has defined and the client runs, as a function that any model can call. */
export class ClientTool {
  readonly prefix: Bytes;
  readonly description: Bytes;
  readonly parameters: Bytes;

  /** `prefix`: of the tool's type, which ends in its version. */
  constructor(prefix: string, description: string, parameters: string) {
    this.prefix = Bytes.of(prefix);
    this.description = Bytes.of(description);
    this.parameters = Bytes.of(parameters);
  }
}

const EDITS =
  '"path":{"type":"string"},"file_text":{"type":"string","description":"content of the file to create"},' +
  '"old_str":{"type":"string","description":"text to replace, which must occur exactly once"},' +
  '"new_str":{"type":"string","description":"text in its place"},' +
  '"insert_line":{"type":"integer","description":"line after which text is inserted; 0 for the beginning"},' +
  '"insert_text":{"type":"string","description":"text to insert"},' +
  '"view_range":{"type":"array","items":{"type":"integer"},"description":"first and last line to view; -1 for the end"}';

/**
 * Those that consist of a name and parameters; a computer's screen needs a model that was trained for it.
 * Source: Anthropic's documents on the tools bash, text editor and memory.
 */
const CLIENT_TOOLS: ClientTool[] = [
  new ClientTool(
    "bash_",
    "Runs a command in a shell whose state is kept between calls.",
    '{"type":"object","properties":{"command":{"type":"string","description":"the command; required unless restart is set"},"restart":{"type":"boolean","description":"restarts the shell"}}}',
  ),
  new ClientTool(
    "text_editor_",
    "Views, creates and edits text files.",
    '{"type":"object","properties":{"command":{"type":"string","enum":["view","create","str_replace","insert"]},' +
      EDITS +
      '},"required":["command","path"]}',
  ),
  new ClientTool(
    "memory_",
    "Reads and writes the files below /memories, which are kept between conversations. View /memories before the task; record progress there.",
    '{"type":"object","properties":{"command":{"type":"string","enum":["view","create","str_replace","insert","delete","rename"]},' +
      EDITS +
      ',"old_path":{"type":"string","description":"path to rename"},"new_path":{"type":"string","description":"its new path"}},"required":["command"]}',
  ),
];

/** The tool that a type means; null for the client's own tools and for those that only Anthropic has. */
export function clientToolOf(type: Bytes): ClientTool | null {
  for (let i = 0; i < CLIENT_TOOLS.length; i++) {
    if (type.startsWith(CLIENT_TOOLS[i].prefix)) return CLIENT_TOOLS[i];
  }
  return null;
}
