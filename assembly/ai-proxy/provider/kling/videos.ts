import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { parameterOf, pathOf, queryOf, withoutParameters, withQuery } from "../../../http/url";
import { JsonDocument } from "../../../json/document";
import { ObjectEdit } from "../../../json/object-edit";
import { JsonWriter } from "../../../json/writer";
import { Splice } from "../../../json/splice";
import { ApiName } from "../../api/api-name";
import { ApiAnswer, ApiDialect, ApiRequest } from "../base/api-dialect";
import { FROM_IMAGE, FROM_TEXT, kindOf, ownId, taskAnswer } from "./task";
import { Char } from "../../../proxy-wasm/char";

const VIDEOS = Bytes.of("/v1/videos/");
const VIDEO_ID = Bytes.of("{video_id}");
const MODEL_NAME = Bytes.of("model_name");

/** Members each of which makes the task one from an image. */
const IMAGES: Bytes[] = [
  Bytes.of("image"),
  Bytes.of("image_url"),
  Bytes.of("image_urls"),
  Bytes.of("images"),
  Bytes.of("image_tail"),
  Bytes.of("image_tail_url"),
  Bytes.of("input_image"),
  Bytes.of("first_frame_image"),
  Bytes.of("last_frame_image"),
];

/** The query parameter by which a client names a task's kind, and its values for tasks from images. */
const TASK_TYPE = Bytes.of("kling_task_type");
const IMAGE_WORDS: Bytes[] = [FROM_IMAGE, Bytes.of("image"), Bytes.of("i2v")];

/** The operator's paths, with or without a query; empty for Kling's default paths. */
export class TaskPaths {
  constructor(
    readonly fromText: Bytes,
    readonly fromImage: Bytes,
  ) {}

  /**
   * The path of a kind of task, with the client's query appended to its own. `id`: replaces `{video_id}`, or is
   * appended to Kling's path.
   */
  target(kind: Bytes, id: Bytes, query: Bytes): Bytes {
    const own = kind.equals(FROM_IMAGE) ? this.fromImage : this.fromText;
    if (own.length > 0) return withQuery(filled(own, id), query);
    const out = new ByteWriter(96).bytes(VIDEOS).bytes(kind);
    if (id.length > 0) out.byte(Char.Slash).bytes(id);
    return out.bytes(query).toBytes();
  }
}

function filled(path: Bytes, id: Bytes): Bytes {
  const at = path.find(VIDEO_ID);
  if (at < 0) return path;
  const out = new ByteWriter(path.length + id.length).bytes(path.slice(0, at)).bytes(id);
  return out.bytes(path.slice(at + VIDEO_ID.length)).toBytes();
}

/** Creates Kling's video tasks. */
export class KlingVideos extends ApiDialect {
  constructor(private readonly paths: TaskPaths) {
    super(ApiName.Videos);
  }

  get needsModel(): bool {
    return false;
  }

  path(request: ApiRequest): Bytes {
    return this.paths.target(request.mark, Bytes.empty(), queryOf(request.target));
  }

  /** The client's body with the model in Kling's member. */
  write(request: ApiRequest): Bytes {
    const document = request.document;
    request.mark = FROM_TEXT;
    for (let i = 0; i < IMAGES.length; i++) {
      if (!document.isAbsent(document.member(0, IMAGES[i]))) request.mark = FROM_IMAGE;
    }
    const changes = new Splice(document.source);
    const edit = new ObjectEdit(document, 0, changes);
    const model = document.member(0, names.MODEL);
    if (model >= 0) {
      if (document.member(0, MODEL_NAME) >= 0) edit.drop(names.MODEL);
      else {
        edit.rename(model, MODEL_NAME);
        edit.replace(model, new JsonWriter(64).string(request.model).toBytes());
      }
    }
    edit.finish();
    return changes.apply();
  }

  answer(document: JsonDocument, request: ApiRequest): ApiAnswer {
    return taskAnswer(document, request.mark);
  }
}

/** Retrieves one of Kling's tasks. Its id or the query names its kind. */
export class KlingTask extends ApiDialect {
  constructor(private readonly paths: TaskPaths) {
    super(ApiName.RetrieveVideo);
  }

  get hasBody(): bool {
    return false;
  }

  get needsModel(): bool {
    return false;
  }

  path(request: ApiRequest): Bytes {
    const target = request.target;
    const path = pathOf(target);
    const id = path.slice(path.lastIndexOf(Char.Slash) + 1);
    request.mark = kindOf(id);
    const query = queryOf(target);
    if (request.mark.length == 0) request.mark = kindIn(query);
    const rest = withoutParameters(query, isKindOrEmpty);
    return this.paths.target(request.mark, ownId(id), rest);
  }

  answer(document: JsonDocument, request: ApiRequest): ApiAnswer {
    return taskAnswer(document, request.mark);
  }
}

/** The task's kind that a query names; from a text if it names none. */
function kindIn(query: Bytes): Bytes {
  const named = parameterOf(query, TASK_TYPE);
  return named !== null && named.isIn(IMAGE_WORDS) ? FROM_IMAGE : FROM_TEXT;
}

function isKindOrEmpty(parameter: Bytes): bool {
  if (parameter.length == 0) return true;
  return parameter.startsWith(TASK_TYPE) && parameter.at(TASK_TYPE.length) == Char.Equals;
}
