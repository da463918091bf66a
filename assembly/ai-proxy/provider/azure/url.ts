import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import {
  encodeSegment,
  hasPathPrefix,
  pathOf,
  queryOf,
  UrlParts,
  withoutParameters,
} from "../../../http/url";
import { ApiName, FAMILIES } from "../../api/api-name";
import { PathScheme } from "../base/path-scheme";
import { Char } from "../../../proxy-wasm/char";

const V1 = Bytes.of("/openai/v1");
const OPENAI = Bytes.of("/openai");
const DEPLOYMENTS = Bytes.of("/openai/deployments/");
const API_VERSION = Bytes.of("api-version=");

/** What an `azureServiceUrl` leaves to each request. */
enum Form {
  /** Nothing: every request is sent to exactly this path. */
  Full,
  /** The API; the deployment is fixed. */
  Deployment,
  /** The API, with paths that need no deployment. */
  V1,
  /** The API and the deployment, which is the model's name. */
  Domain,
}

/** `azureServiceUrl`: the resource's host, and how much of the path the URL fixes. */
export class AzureUrl extends PathScheme {
  readonly authority: Bytes;
  /** What the URL lacks; empty if it is complete. */
  fault: string = "";
  private readonly form: Form;
  private readonly path: Bytes;
  private readonly query: Bytes;

  constructor(parts: UrlParts) {
    super();
    this.authority = parts.authority;
    this.query = queryOf(parts.target);
    const path = withoutTrailingSlash(pathOf(parts.target));
    this.path = path;
    if (path.equals(V1)) this.form = Form.V1;
    else if (path.length == 0) this.form = Form.Domain;
    else if (isDeployment(path)) this.form = Form.Deployment;
    else this.form = Form.Full;
    const isDated = hasPathPrefix(path, V1) || queryOf(parts.target).find(API_VERSION, 0) >= 0;
    if (!isDated) this.fault = "missing api-version query parameter in azureServiceUrl";
  }

  get fixedPath(): Bytes {
    return this.form == Form.Full ? this.path : Bytes.empty();
  }

  holds(path: Bytes): bool {
    return hasPathPrefix(path, OPENAI);
  }

  /** Not where the URL names a deployment: in the Responses API the body alone names the model. */
  get hasResponses(): bool {
    return this.form == Form.V1 || this.form == Form.Domain;
  }

  needsModel(api: string): bool {
    return this.form == Form.Domain && api.length > 0 && !isOfResource(api);
  }

  /** `model`: the deployment where the URL has none. */
  target(api: string, tail: Bytes, query: Bytes, model: Bytes): Bytes {
    const out = new ByteWriter(this.path.length + tail.length + query.length + model.length + 64);
    if (api.length == 0) return out.bytes(tail).bytes(query).toBytes();
    if (this.form == Form.Full) return out.bytes(this.path).bytes(this.query).toBytes();
    if (this.form == Form.V1) out.bytes(V1);
    else if (isOfResource(api)) out.bytes(OPENAI);
    else if (this.form == Form.Deployment) out.bytes(this.path);
    else out.bytes(DEPLOYMENTS).bytes(encodeSegment(model));
    out.bytes(tail);
    if (this.query.length <= 1) return out.bytes(query).toBytes();
    // Azure's clients send an `api-version` too; only one may remain.
    const rest = this.query.find(API_VERSION, 0) >= 0 ? withoutVersion(query) : query;
    if (rest.length > 1)
      return out.bytes(rest).byte(Char.Ampersand).bytes(this.query.slice(1)).toBytes();
    return out.bytes(this.query).toBytes();
  }
}

/** Whether an API belongs to the resource, not to one of its deployments. */
function isOfResource(api: string): bool {
  return (
    api == ApiName.Models ||
    api == ApiName.RetrieveModel ||
    api.includes("response") ||
    api.endsWith("batch") ||
    api == ApiName.Batches ||
    api == ApiName.Files ||
    api == ApiName.RetrieveFile ||
    api == ApiName.RetrieveFileContent ||
    FAMILIES.includes(api)
  );
}

/** Whether `path` is `/openai/deployments/{name}` and nothing after it. */
function isDeployment(path: Bytes): bool {
  return (
    path.startsWith(DEPLOYMENTS) &&
    path.length > DEPLOYMENTS.length &&
    path.indexOf(Char.Slash, DEPLOYMENTS.length) < 0
  );
}

/** A query without its `api-version`; empty if nothing remains. */
function withoutVersion(query: Bytes): Bytes {
  return withoutParameters(query, isVersionOrEmpty);
}

function isVersionOrEmpty(parameter: Bytes): bool {
  return parameter.length == 0 || parameter.startsWith(API_VERSION);
}

function withoutTrailingSlash(path: Bytes): Bytes {
  const last = path.length - 1;
  return last >= 0 && path.at(last) == Char.Slash ? path.slice(0, last) : path;
}
