import { AwaitTexts, EditBody, JudgeBody, MarkContext, PutBody } from "./body-stages";
import { MarkPrompt } from "./prompt-stage";
import { CompleteHeaders, KeepSent, SettleKey, WriteFrame, WriteWishes } from "./header-stages";
import { Stage } from "./stage";

const OF_BODY: Stage[] = [new JudgeBody(), new AwaitTexts(), new EditBody()];
const OF_ALL: Stage[] = [
  new SettleKey(),
  new MarkPrompt(),
  new MarkContext(),
  new PutBody(),
  new WriteFrame(),
  new WriteWishes(),
  new KeepSent(),
  new CompleteHeaders(),
];

/** The stages of a complete request, in order: each needs what earlier ones produce. */
export const STAGES: Stage[] = OF_BODY.concat(OF_ALL);

/** The first stage for a request whose body passes unread. */
export const FIRST_OF_ALL: i32 = OF_BODY.length;
