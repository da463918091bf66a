/** Tables and JSON Schemas of declared keys (`assembly/rules/config-key.ts`). */
import { keysOf, providerTable } from "./described.mjs";

/** Markers in the documents; `scripts/key-docs.mjs` writes what is between them. */
const MARKS = /(<!-- keys (ai-cache|ai-proxy) ?(.*?) -->\n)[^]*?(<!-- end of keys -->)/g;

/**
 * The keys that only some types of provider have, by name, each with the types and its meaning for them.
 * @returns {Map<string, { type: string, meaning: string }[]>}
 */
function keysOfTypes() {
  const owners = new Map();
  for (const { name: type, keys } of providerTable().types) {
    for (const { name, meaning } of keys) {
      owners.set(name, [...(owners.get(name) ?? []), { type, meaning }]);
    }
  }
  return owners;
}

/** The meanings of a key that only some types have, each with its types. */
function meaningForTypes(owners) {
  const types = new Map();
  for (const { type, meaning } of owners) types.set(meaning, [...(types.get(meaning) ?? []), type]);
  return [...types].map(([meaning, names]) => `${names.join(", ")}: ${meaning}`).join("; ");
}

/**
 * Keys with their paths, in order, a section's keys after the section. Left out are deprecated names, which have
 * no meaning, and keys of only some types of provider, which have a table in `docs/providers.md`.
 */
function flat(keys, prefix = "") {
  const isProvider = keys.some(({ name }) => name === "apiTokens");
  const ofTypes = isProvider ? keysOfTypes() : new Map();
  return keys
    .filter((key) => key.meaning && !ofTypes.has(key.name))
    .flatMap((key) => {
      const path = prefix + key.name;
      return [{ ...key, path }, ...flat(key.keys, `${path}.${key.form === "map" ? "MODEL." : ""}`)];
    });
}

/** Expands `a.{b,c} d` into paths. */
const pathsOf = (text) =>
  text.split(" ").flatMap((word) => {
    const [, prefix, names] = /^(.*)\{(.*)\}$/.exec(word) ?? [];
    return names ? names.split(",").map((name) => prefix + name) : [word];
  });

/** A key's default and range, as Markdown. */
export function usual({ form, keys, usual, usually, unit, least, most, countsZero, isRequired }) {
  const isNumber = form === "integer" || form === "number";
  if (isRequired) return "required";
  if (!isNumber) return usually || (usual === "" || keys.length > 0 ? "–" : `\`${usual}\``);
  const units = { seconds: " s", milliseconds: " ms", bytes: " bytes" }[unit] ?? "";
  const first = usually || (usual === "" ? "–" : String(Number(usual)) + units);
  if (least === most) return first;
  const range = least === 0 && !countsZero ? `at most ${most}` : `${least} to ${most}`;
  return `${first} (${range}${usually ? units : ""})`;
}

const row = ({ path, meaning, since, ...key }) =>
  `| \`${path}\` | ${usual(key)} | ${meaning}${since === "0.1.0" ? "" : ` (since ${since})`} |`;

/**
 * A document with the tables between its markers rewritten. A marker names a module, and a section or keys;
 * without these the table has all keys that no other marker names.
 * @param {string} text
 * @param {string[]} all texts of all documents
 */
export function withTables(text, all) {
  const claims = all
    .flatMap((other) => [...other.matchAll(MARKS)])
    .flatMap(([, , name, what]) => (what ? pathsOf(what).map((path) => [name, path]) : []));
  return text.replace(MARKS, (_, head, name, what, end) => {
    const known = flat(keysOf(name));
    const own = what ? pathsOf(what) : [];
    const isUnder = (path, other) => path.startsWith(`${other}.`);
    const isOwn = (path) => own.some((other) => path === other || isUnder(path, other));
    const others = claims
      .filter(([module, path]) => module === name && !own.includes(path) && (!what || isOwn(path)))
      .map(([, path]) => path);
    const isOthers = ({ path, keys }) =>
      others.some((other) => isUnder(path, other) || (path === other && keys.length === 0));
    const isSection = ({ path, keys, form }) =>
      keys.length > 0 && (own.includes(path) || (form === "object" && !others.includes(path)));
    const isOfMap = ({ path }) => path.includes(".MODEL.") && !own.some((o) => isUnder(path, o));
    const rows = known.filter(
      (key) => (!what || isOwn(key.path)) && !isOthers(key) && !isSection(key) && !isOfMap(key),
    );
    const isList = known.some(({ path, form }) => path === own[0] && form === "objects");
    const prefix = own.length > 0 && own[0].split(".")[0] === "provider" ? "provider." : "";
    const cut = isList ? own[0].length + 1 : prefix.length;
    const shown = rows.filter(({ path }) => cut === 0 || !path.slice(cut).includes(".MODEL."));
    const lines = shown.map((key) => row({ ...key, path: key.path.slice(cut) }));
    return `${head}| Key | Default | Meaning |\n|---|---|---|\n${lines.join("\n")}\n${end}`;
  });
}

/** The JSON Schema of a module's configuration. */
export function schemaOf(name) {
  const keys = keysOf(name);
  const types = { names: providerTable().types.map((type) => type.name), keys: keysOfTypes() };
  const own = keys.filter((key) => !key.name.startsWith("_"));
  const matches = keys.filter((key) => key.name.startsWith("_match_"));
  const properties = propertiesOf(own, types);
  const references = Object.fromEntries(
    Object.keys(properties).map((key) => [key, { $ref: `#/properties/${key}` }]),
  );
  const definitions = properties.provider && { provider: properties.provider };
  if (definitions) {
    properties.provider = { $ref: "#/definitions/provider" };
    properties.providers.items = { $ref: "#/definitions/provider" };
  }
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: `Configuration of ${name}`,
    ...(definitions && { definitions }),
    type: "object",
    properties: {
      ...properties,
      _plugin_id_: {},
      _rules_: {
        description: "configurations for some requests; the first that matches applies",
        type: "array",
        items: {
          type: "object",
          properties: { ...propertiesOf(matches, types), ...references },
          additionalProperties: false,
        },
      },
    },
    additionalProperties: false,
  };
}

const propertiesOf = (keys, types) =>
  Object.fromEntries(keys.map((key) => [key.name, schemaOfKey(key, types)]));

function schemaOfKey(key, types) {
  const texts = { type: "array", items: { type: "string" } };
  const object = {
    type: "object",
    properties: propertiesOf(key.keys, types),
    additionalProperties: false,
  };
  const isProvider = key.keys.some(({ name }) => name === "apiTokens");
  if (isProvider) {
    const { properties } = object;
    properties.type = { ...properties.type, enum: types.names };
    for (const [name, owners] of types.keys) {
      properties[name] = { ...properties[name], description: plain(meaningForTypes(owners)) };
    }
  }
  const range = key.least === key.most ? {} : { minimum: key.least, maximum: key.most };
  const forms = {
    text: () => ({ type: "string" }),
    integer: () => ({ type: "integer", ...range }),
    number: () => ({ type: "number", ...range }),
    boolean: () => ({ type: "boolean" }),
    choice: () => ({ enum: key.choices }),
    texts: () => ({ anyOf: [texts, { type: "string" }] }),
    object: () => (key.keys.length > 0 ? object : { type: "object" }),
    objects: () => ({ type: "array", items: object }),
    map: () => ({
      type: "object",
      additionalProperties: key.keys.length > 0 ? object : { type: "string" },
    }),
    any: () => ({}),
  };
  const description = plain(key.meaning);
  return { ...(description && { description }), ...forms[key.form]() };
}

/** Markdown without links. */
const plain = (text) => text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("\\|", "|");
