import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { LocalReply } from "../../proxy-wasm/local-reply";
import * as names from "../../chat/names";
import { isJsonType } from "../../http/media-type";
import * as header from "../../http/names";
import { RequestPath } from "../../http/path";
import { pathOf } from "../../http/url";
import { JsonDocument } from "../../json/document";
import { setValue } from "../../json/set-value";
import { JsonWriter } from "../../json/writer";
import { ClientProtocol, Endpoint } from "../../protocol/base/client-protocol";
import { NEUTRAL, protocolByHeaders } from "../../protocol/registry";
import { ApiName } from "../api/api-name";
import { detectPath } from "../provider/detect-api";
import { RoutedProviders } from "../config/model-routes";
import { boundaryOf, findFormModel, isMultipart } from "../convert/multipart";
import { Exchange } from "../exchange/exchange";
import { modelList, notProxied, noProvider } from "../exchange/refusals";
import { Runtimes } from "../runtime/provider-runtime";
import { planRequest } from "./plan-request";
import { isForGateway } from "./refuse-request";

const GET = Bytes.of("GET");
const MODEL: Bytes[] = [names.MODEL];

/** A request whose model chooses the provider. */
export class ModelChoice {
  /** The plan for the chosen provider; null until one is chosen. */
  exchange: Exchange | null = null;
  /** The client's body with the provider's name of the model. */
  body: Bytes = Bytes.empty();
  /** The model without the provider's prefix; empty if there was none. */
  private cut: Bytes = Bytes.empty();
  private protocol: ClientProtocol = NEUTRAL;
  private path: RequestPath | null = null;
  private api: string = "";
  /** The model in the path; empty for none. */
  private pathModel: Bytes = Bytes.empty();

  /** `headers`: the client's. `fingerprint`: of the configuration that decides about the answer. */
  constructor(
    private readonly providers: RoutedProviders,
    private readonly headers: HeaderSnapshot,
    private readonly runtimes: Runtimes,
    private readonly fingerprint: Bytes,
  ) {
    const target = headers.getOrEmpty(header.PATH);
    const path = RequestPath.read(pathOf(target));
    this.path = path;
    this.protocol = protocolByHeaders(headers);
    if (path !== null) this.readPath(path, target);
  }

  private readPath(path: RequestPath, target: Bytes): void {
    const found = detectPath(path.plain);
    if (found !== null) this.api = found.api;
    if (!(found instanceof Endpoint)) return;
    const protocol = (found as Endpoint).protocol;
    this.protocol = protocol;
    this.pathModel = protocol.modelIn(target);
  }

  /** Chooses by the path. `hasBody`: whether a body follows. Returns a reply if no provider is called. */
  byHeaders(hasBody: bool): LocalReply | null {
    if (this.pathModel.length > 0) {
      const reply = this.choose(this.pathModel);
      // In a path the model has no prefix.
      return this.cut.length > 0 ? noProvider(this.protocol, this.pathModel) : reply;
    }
    if (hasBody) return null;
    const method = this.headers.getOrEmpty(header.METHOD);
    if (method.equals(GET) && this.api == ApiName.Models) return modelList(this.providers.list());
    if (this.providers.fallback === null && isForGateway(method, this.path))
      return notProxied(method);
    return this.choose(Bytes.empty());
  }

  /** Chooses by the model in the body. The answer where nobody has it. */
  byBody(body: Bytes): LocalReply | null {
    this.body = body;
    const type = this.headers.getOrEmpty(header.CONTENT_TYPE);
    if (this.headers.has(header.CONTENT_ENCODING)) return this.choose(Bytes.empty());
    if (isMultipart(type)) {
      const field = findFormModel(body, boundaryOf(type));
      if (field === null) return this.choose(Bytes.empty());
      const reply = this.choose(field.of(body));
      if (this.cut.length > 0) this.body = field.replace(body, this.cut);
      return reply;
    }
    const document = isJsonType(type) ? JsonDocument.parse(body) : null;
    if (document === null) return this.choose(Bytes.empty());
    const reply = this.choose(document.text(document.member(0, names.MODEL)));
    const cut = this.cut;
    if (cut.length > 0) {
      const name = new JsonWriter(cut.length + 2).string(cut).toBytes();
      this.body = setValue(body, MODEL, name, true);
    }
    return reply;
  }

  private choose(model: Bytes): LocalReply | null {
    const route = this.providers.find(model);
    if (route === null) return noProvider(this.protocol, model);
    if (route.model.length < model.length) this.cut = route.model.copy();
    const runtime = this.runtimes.of(route.provider);
    const plan = planRequest(runtime, this.headers);
    this.exchange = new Exchange(plan, runtime, this.fingerprint);
    return null;
  }
}
