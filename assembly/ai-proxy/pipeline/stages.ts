import { AwaitTexts, EditBody, CheckBody, MarkContext, PutBody } from "./body-stages";
import { MarkPrompt } from "./prompt-stage";
import {
  CompleteHeaders,
  KeepSent,
  SettleKey,
  WritePathAndLength,
  WriteStreamHeaders,
} from "./header-stages";
import { Stage } from "./stage";

const BODY_STAGES: Stage[] = [new CheckBody(), new AwaitTexts(), new EditBody()];
const COMMON_STAGES: Stage[] = [
  new SettleKey(),
  new MarkPrompt(),
  new MarkContext(),
  new PutBody(),
  new WritePathAndLength(),
  new WriteStreamHeaders(),
  new KeepSent(),
  new CompleteHeaders(),
];

/** The stages of a complete request, in order: each needs what earlier ones produce. */
export const STAGES: Stage[] = BODY_STAGES.concat(COMMON_STAGES);

/** The first stage for a request whose body passes unread. */
export const FIRST_WITHOUT_BODY: i32 = BODY_STAGES.length;
