import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { HttpCallRequest } from "../../proxy-wasm/http-call";
import * as header from "../../http/names";
import { writeString } from "../../json/writer";
import { StoreConfig } from "./store-config";
import { StoreRequest } from "./store-type";
import { Char } from "../../proxy-wasm/char";

/** The values for the placeholders of a request. */
export class Places {
  /** The store's name or identifier of it. */
  collection: string = "";
  /** JSON array of numbers. */
  vector: Bytes = Bytes.empty();
  question: Bytes = Bytes.empty();
  answer: Bytes = Bytes.empty();
  /** Hex. */
  scope: string = "";
  id: string = "";
  /** Seconds since 1970, 0 for never. */
  expires: u64 = 0;
  /** The ids of entry and question. */
  entry: string = "";
  asked: string = "";
  /** The selector of entries: a field and its value. */
  property: string = "";
  value: string = "";
  /** Base64; empty for none. */
  record: Bytes = Bytes.empty();
  /** The filter or the extra fields, with their own placeholders; empty for none. */
  filter: string = "";
  extra: string = "";
}

/** The call for a request of a store. */
export function fillRequest(
  config: StoreConfig,
  request: StoreRequest,
  places: Places,
): HttpCallRequest {
  const call = new HttpCallRequest(Bytes.empty(), config.timeoutMs);
  const type = config.type;
  const isOld = type.oldVersion.length > 0 && config.apiVersion == type.oldVersion;
  const path = (isOld ? type.oldPrefix : type.newPrefix) + request.path;
  call.headers.add(header.METHOD, Bytes.of(request.method));
  call.headers.add(header.PATH, fill(path, config, places));
  call.headers.add(header.AUTHORITY, Bytes.of(config.host));
  if (request.body.length > 0) {
    call.headers.add(header.CONTENT_TYPE, header.APPLICATION_JSON);
    call.body = fill(request.body, config, places);
  }
  for (let i = 0; i < config.headers.length; i++) {
    call.headers.add(config.headers.name(i), config.headers.value(i));
  }
  return call;
}

/** Fills the placeholders of `template`. Unknown ones are left unchanged. */
function fill(template: string, config: StoreConfig, places: Places): Bytes {
  const text = Bytes.of(template);
  const out = new ByteWriter(text.length + places.vector.length + places.answer.length + 256);
  let from = 0;
  for (let at = text.indexOf(Char.Less); at >= 0; at = text.indexOf(Char.Less, at + 1)) {
    if (text.at(at + 2) != Char.Greater) continue;
    out.bytes(text.slice(from, at));
    write(out, text.at(at + 1), config, places);
    from = at + 3;
  }
  return out.bytes(text.slice(from)).toBytes();
}

function write(out: ByteWriter, place: u8, config: StoreConfig, places: Places): void {
  switch (place) {
    case Char.UpperC:
      out.text(places.collection);
      break;
    case Char.UpperT:
      out.text(config.tenant);
      break;
    case Char.UpperD:
      out.text(config.database);
      break;
    case Char.UpperV:
      out.bytes(places.vector);
      break;
    case Char.UpperK:
      out.decimal(<u64>config.topK);
      break;
    case Char.UpperM:
      out.decimal(
        <u64>(config.numCandidates > 0 ? config.numCandidates : max(50, 10 * config.topK)),
      );
      break;
    case Char.UpperE:
      out.decimal(places.expires);
      break;
    case Char.UpperS:
      out.text(places.scope);
      break;
    case Char.UpperU:
      out.text(places.id);
      break;
    case Char.UpperI:
      out.text(places.entry);
      break;
    case Char.UpperH:
      out.text(places.asked);
      break;
    case Char.UpperP:
      out.text(places.property);
      break;
    case Char.UpperW:
      out.text(places.value);
      break;
    case Char.UpperQ:
      writeString(out, places.question);
      break;
    case Char.UpperA:
      writeString(out, places.answer);
      break;
    case Char.UpperR:
      out.bytes(places.record);
      break;
    case Char.UpperF:
      out.bytes(fill(places.filter, config, places));
      break;
    case Char.UpperX:
      out.bytes(fill(places.extra, config, places));
      break;
    default:
      out.byte(Char.Less).byte(place).byte(Char.Greater);
  }
}
