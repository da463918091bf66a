import { ByteShare } from "../../../proxy-wasm/byte-budget";
import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerFault } from "../../../chat/answer-fault";
import { isJsonType } from "../../../http/media-type";
import { JSON_UTF8 } from "../../../http/names";
import { JsonDocument } from "../../../json/document";
import { ClientProtocol } from "../../../protocol/base/client-protocol";
import { AnswerCapture, CapturedAnswer, JsonCapture } from "../../form/answer-capture";
import { ReplyBody } from "../../form/answer-form";
import { AnswerJudge, WholeForm } from "../whole/answer";
import { divide } from "./divide";
import { ItemForm } from "./item-form";
import { PackedAnswer } from "./packed";

/** Captures and packs the answer to one item. */
class ItemCapture extends JsonCapture {
  constructor(
    limit: i32,
    share: ByteShare,
    form: ItemAnswerForm,
    private readonly itemForm: ItemForm,
  ) {
    super(limit, share, form);
  }

  finish(): CapturedAnswer | null {
    const whole = super.finish();
    if (whole === null) return null;
    const document = JsonDocument.parse(whole.json);
    if (document !== null) {
      const parts = divide(this.itemForm, document, [1]);
      if (parts !== null && parts.answers.length == 1) {
        return new CapturedAnswer(parts.answers[0], false, whole.model, whole.usage);
      }
    }
    this.fail(AnswerFault.Shape);
    return null;
  }
}

/** Answers to one item, which are cached packed. */
export class ItemAnswerForm extends WholeForm {
  constructor(
    protocol: ClientProtocol,
    judge: AnswerJudge,
    private readonly itemForm: ItemForm,
  ) {
    super(protocol, judge);
  }

  capture(type: Bytes, limit: i32, share: ByteShare, _includeUsage: bool): AnswerCapture | null {
    return isJsonType(type) ? new ItemCapture(limit, share, this, this.itemForm) : null;
  }

  reply(answer: Bytes, _stream: bool, _usage: bool, _template: Bytes | null): ReplyBody | null {
    const packed = PackedAnswer.decode(answer);
    return packed === null ? null : new ReplyBody(JSON_UTF8, packed.json);
  }
}
