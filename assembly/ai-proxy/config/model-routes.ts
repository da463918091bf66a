import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { fingerprintOf } from "../../fingerprint/mark";
import { isToken } from "../../http/token";
import { JsonWriter } from "../../json/writer";
import { ConfigKey, KeyForm } from "../../rules/config-key";
import { Diagnostics } from "../../rules/diagnostics";
import { KeyReader } from "../../rules/key-reader";
import { matchesModel } from "../features/pattern";
import { ProviderConfig } from "./provider-config";
import { Char } from "../../proxy-wasm/char";

const STAR = "*";
/** Longest model name in bytes that is looked up. */
const MAX_MODEL: i32 = 2048;
const OBJECT = Bytes.of("object");
const LIST = Bytes.of("list");
const DATA = Bytes.of("data");
const ID = Bytes.of("id");
const MODEL = Bytes.of("model");
const TYPE = Bytes.of("type");
const DISPLAY_NAME = Bytes.of("display_name");
const CREATED = Bytes.of("created");
const CREATED_AT = Bytes.of("created_at");
const EPOCH = Bytes.of("1970-01-01T00:00:00Z");
const OWNED_BY = Bytes.of("owned_by");
const HAS_MORE = Bytes.of("has_more");

/** The provider for a model. */
export class ModelRoute {
  constructor(
    readonly provider: ProviderConfig,
    /** The client's name of the model. */
    readonly model: Bytes,
  ) {}
}

/** Several providers, of which the requested model chooses one. Used instead of a single provider. */
export class RoutedProviders extends ProviderConfig {
  /** `fallback`: for models and requests that choose none; null for an error. */
  constructor(
    readonly members: ProviderConfig[],
    readonly fallback: ProviderConfig | null,
  ) {
    super();
    const out = new ByteWriter(256);
    for (let i = 0; i < members.length; i++) {
      out.framed(members[i].fingerprint);
      if (this.context === null) this.context = members[i].context;
    }
    if (fallback !== null) out.framed(fallback.fingerprint);
    this.fingerprint = fingerprintOf(out.toBytes());
  }

  /**
   * The provider of a model: the one whose `id` is its prefix (`id/model`), else the first with a matching
   * pattern, else the fallback; null for none.
   */
  find(model: Bytes): ModelRoute | null {
    const members = this.members;
    if (model.length > 0 && model.length <= MAX_MODEL) {
      const slash = model.indexOf(Char.Slash);
      const prefix = model.slice(0, max(slash, 0)).toString();
      for (let i = 0; i < members.length && slash > 0; i++) {
        const rest = model.slice(slash + 1);
        const isMeant = members[i].id == prefix && rest.length > 0;
        if (isMeant && has(members[i], rest, true)) return new ModelRoute(members[i], rest);
      }
      for (let i = 0; i < members.length; i++) {
        if (has(members[i], model, false)) return new ModelRoute(members[i], model);
      }
    }
    const fallback = this.fallback;
    return fallback === null ? null : new ModelRoute(fallback, model);
  }

  /** The models named without `*`, as lists of OpenAI and Anthropic. */
  list(): Bytes {
    const out = new JsonWriter(1024).object().key(OBJECT).string(LIST).key(DATA).array();
    const seen: string[] = [];
    for (let i = 0; i < this.members.length; i++) {
      const provider = this.members[i];
      const names = provider.models.concat(provider.mapping.names);
      for (let j = 0; j < names.length; j++) {
        const name = Bytes.of(names[j]);
        if (names[j].includes(STAR) || seen.includes(names[j])) continue;
        if (!has(provider, name, false)) continue;
        seen.push(names[j]);
        out.object().key(ID).string(name).key(OBJECT).string(MODEL).key(TYPE).string(MODEL);
        out.key(DISPLAY_NAME).string(name).key(CREATED).number(0).key(CREATED_AT).string(EPOCH);
        out.key(OWNED_BY).string(Bytes.of(provider.id)).endObject();
      }
    }
    return out.endArray().key(HAS_MORE).bool(false).endObject().toBytes();
  }
}

/** Whether a provider has a model. `unlisted`: the result for a provider without patterns. */
function has(provider: ProviderConfig, model: Bytes, unlisted: bool): bool {
  const models = provider.models;
  for (let i = 0; i < models.length; i++) {
    if (matchesModel(models[i], model)) return true;
  }
  return unlisted && models.length == 0;
}

/** `models` of a provider. */
export const MODELS = <ConfigKey>{
  name: "models",
  form: KeyForm.Texts,
  defaultNote: "–",
  meaning:
    "in a list of `providers`: names and patterns of the models that [choose this provider](#providers-by-model)",
};

/** Reads `models` of a provider with `id`. */
export function readModels(keys: KeyReader, id: string): string[] {
  const models = keys.texts(MODELS);
  if (!keys.has(MODELS)) return models;
  if (models.length == 0) {
    keys.error(MODELS, 'contains no model: write names or patterns, such as ["gpt-*"]');
  }
  for (let i = 0; i < models.length; i++) {
    if (models[i].trim().length == 0) keys.error(MODELS, "contains an empty name");
  }
  if (!isToken(id)) {
    const message = "must consist of letters, digits, - and _, because routes match it";
    const reader = keys.reader;
    reader.diagnostics.error(
      reader.pathOf("id"),
      id.length > 0 ? message : "is missing: it " + message,
    );
  }
  return models;
}

/**
 * The provider if `chosen` is selected among `members`: if some of them name models, the model decides, and
 * `chosen` serves the others.
 */
export function routed(
  members: ProviderConfig[],
  chosen: ProviderConfig | null,
  diagnostics: Diagnostics,
): ProviderConfig | null {
  let count = 0;
  for (let i = 0; i < members.length; i++) {
    if (members[i].models.length == 0) continue;
    count++;
    const failover = members[i].tokens.failover;
    const message = " of " + members[i].label + " has no effect where models choose the provider";
    if (members[i].retry !== null) diagnostics.warn("providers", "retryOnFailure" + message);
    if (failover !== null && failover.cooldownMs == 0) {
      diagnostics.warn("providers", "healthCheckModel" + message + ": set cooldownDuration");
    }
  }
  return count == 0 ? chosen : new RoutedProviders(members, chosen);
}
