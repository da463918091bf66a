/**
 * Explains on the command line why two requests have different cache entries: `make why A=one.json B=two.json`.
 */
import { readFileSync } from "node:fs";
import { fail } from "./tools/console.mjs";
import { compareRequests, WrittenRequest } from "./tools/requests.mjs";

const USAGE =
  'Call make why A=one.json B=two.json. A file holds {"headers": {…}, "body": {…}} and, where they matter, "path", "authority" and "place" (properties such as "xds.route_name"); CONFIG=cache.json is ai-cache\'s configuration.';

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    return fail(`${file} cannot be read (${error.code})`, USAGE);
  }
}

const { A: first, B: second, CONFIG: configuration } = process.env;
if (!first || !second) fail("two files are needed", USAGE);
let found;
try {
  found = compareRequests(
    WrittenRequest.parse(read(first), first),
    WrittenRequest.parse(read(second), second),
    configuration ? JSON.parse(read(configuration)) : {},
  );
} catch (error) {
  fail(error.message, USAGE);
}

const describe = ({ reason, key }) => (key === "" ? `is not cached: ${reason}` : `key ${key}`);
const lines = [
  `A  ${first}: ${describe(found.first)}`,
  `B  ${second}: ${describe(found.second)}`,
  "",
];
for (const { name, splits, scope, reason } of found.parts) {
  if (reason) lines.push(`${name}: with B's value A is not cached (${reason})`);
  else if (!splits) lines.push(`${name}: harmless`);
  else if (scope) lines.push(`${name}: PARTS them`);
  else lines.push(`${name}: another question; see make match`);
}
if (found.parts.length === 0) lines.push("the requests are the same");
else if (found.first.key !== "" && found.first.key === found.second.key) {
  lines.push("", "They have one key: the second is answered with the first one's answer.");
}
process.stdout.write(`${lines.join("\n")}\n`);
