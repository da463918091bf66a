import { Char } from "../../proxy-wasm/char";

/**
 * The reasons of the cache's decisions. The same word appears in the `detail` of `Cache-Status`, in the
 * access-log attribute `ai_cache`, in the metric `ai_cache_requests_total`, in the tests and in
 * `docs/reasons.md`.
 */
export namespace Reason {
  export const HitExact = "hit-exact";
  export const HitSemantic = "hit-semantic";
  export const HitStale = "hit-stale";

  export const MissCold = "miss-cold";
  export const MissExpired = "miss-expired";
  export const MissMaxAge = "miss-max-age";
  export const MissForm = "miss-form";
  export const MissPartial = "miss-partial";
  export const MissPlace = "miss-place";
  export const MissShadow = "miss-shadow";
  export const MissExplore = "miss-explore";
  export const MissUnproven = "miss-unproven";
  export const MissHistory = "miss-history";
  export const MissLeftover = "miss-leftover";
  export const MissSimilarity = "miss-similarity";
  export const MissSubstitution = "miss-substitution";
  export const MissInsertion = "miss-insertion";
  export const MissGuardNumber = "miss-guard-number";
  export const MissGuardTime = "miss-guard-time";
  export const MissGuardUnit = "miss-guard-unit";
  export const MissGuardNegation = "miss-guard-negation";
  export const MissGuardAntonym = "miss-guard-antonym";
  export const MissGuardEntity = "miss-guard-entity";
  export const MissGuardLiteral = "miss-guard-literal";
  export const MissGuardOperator = "miss-guard-operator";
  export const MissGuardOrder = "miss-guard-order";
  export const MissGuardQuestionType = "miss-guard-qtype";
  export const MissGuardShort = "miss-guard-short";
  export const MissGuardPerson = "miss-guard-person";
  export const MissGuardLanguage = "miss-guard-language";
  export const MissGuardLength = "miss-guard-length";
  export const MissGuardTense = "miss-guard-tense";
  export const MissGuardText = "miss-guard-text";

  export const BypassSkipHeader = "bypass-skip-header";
  export const BypassNoStore = "bypass-no-store";
  export const BypassNoCache = "bypass-no-cache";
  export const BypassRefresh = "bypass-refresh";
  export const BypassDisabled = "bypass-disabled";

  export const IneligibleMethod = "ineligible-method";
  export const IneligiblePath = "ineligible-path";
  export const IneligibleNoBody = "ineligible-no-body";
  export const IneligibleBody = "ineligible-body";
  export const IneligibleShape = "ineligible-shape";
  export const IneligibleNoSeed = "ineligible-no-seed";
  export const IneligibleContentType = "ineligible-content-type";
  export const IneligibleContentEncoding = "ineligible-content-encoding";
  export const IneligibleUpgrade = "ineligible-upgrade";
  export const IneligibleTooLarge = "ineligible-too-large";
  export const IneligibleNoRoom = "ineligible-no-room";
  export const IneligibleTrailers = "ineligible-trailers";
  export const IneligibleNotJson = "ineligible-not-json";
  export const IneligibleNotChat = "ineligible-not-chat";
  export const IneligibleChoices = "ineligible-choices";
  export const IneligibleStream = "ineligible-stream";
  export const IneligibleActing = "ineligible-acting";
  export const IneligibleState = "ineligible-state";
  export const IneligibleDuplicateKey = "ineligible-duplicate-key";
  export const IneligibleSurrogate = "ineligible-surrogate";
  export const IneligibleNoTenant = "ineligible-no-tenant";
  export const IneligibleNoCluster = "ineligible-no-cluster";
  export const IneligibleOrder = "ineligible-order";
  export const IneligibleNoKey = "ineligible-no-key";

  export const ErrorNoBody = "error-no-body";
  export const ErrorOptionMissing = "error-option-missing";
  export const ErrorEmbeddingNoCluster = "error-embedding-no-cluster";
  export const ErrorEmbeddingUnreachable = "error-embedding-unreachable";
  export const ErrorEmbeddingTimeout = "error-embedding-timeout";
  export const ErrorEmbeddingStatus = "error-embedding-status";
  export const ErrorEmbeddingReply = "error-embedding-reply";
  export const ErrorEmbeddingOpen = "error-embedding-open";
  export const ErrorEmbeddingBusy = "error-embedding-busy";
  export const ErrorVectorNoCluster = "error-vector-no-cluster";
  export const ErrorVectorUnreachable = "error-vector-unreachable";
  export const ErrorVectorTimeout = "error-vector-timeout";
  export const ErrorVectorStatus = "error-vector-status";
  export const ErrorVectorReply = "error-vector-reply";
  export const ErrorVectorOpen = "error-vector-open";
  export const ErrorRedisNoCluster = "error-redis-no-cluster";
  export const ErrorRedisUnreachable = "error-redis-unreachable";
  export const ErrorRedisTimeout = "error-redis-timeout";
  export const ErrorRedisOpen = "error-redis-open";
  export const ErrorRedisReply = "error-redis-reply";
  export const ErrorRedisAuth = "error-redis-auth";
  export const ErrorRedisMoved = "error-redis-moved";
  export const ErrorRedisNotReady = "error-redis-not-ready";
  export const ErrorRedisError = "error-redis-error";
  export const ErrorRedisTooLarge = "error-redis-too-large";
}

/** The reasons why an answer was or was not cached. */
export namespace StoreResult {
  export const Stored = "stored";
  export const Status = "answer-status";
  export const ContentType = "answer-content-type";
  export const ContentEncoding = "answer-content-encoding";
  export const NoStore = "answer-no-store";
  export const Private = "answer-private";
  export const Local = "answer-local";
  export const Vary = "answer-vary";
  export const Fallback = "answer-fallback";
  export const Cut = "answer-cut";
  export const ToolCalls = "answer-tool-calls";
  export const Budget = "store-budget";
  export const TooLarge = "store-too-large";
  export const Contention = "store-contention";
}

/** The reason for a miss because a guard of `match/comparison.ts` fired. */
export function guardReason(guard: string): string {
  return "miss-guard-" + guard;
}

/** The reason for a miss because of a `RedisFault`. */
export function redisReason(fault: string): string {
  return "error-redis-" + fault;
}

/** The kinds of decisions. */
export const KIND_HIT: string = "hit";
export const KIND_MISS: string = "miss";
export const KIND_ERROR: string = "error";
const KINDS: string[] = [KIND_HIT, KIND_MISS, "bypass", "ineligible", KIND_ERROR];

/** The kind of a decision: the part of its reason before the first dash. */
export function kindOf(reason: string): string {
  for (let i = 0; i < KINDS.length; i++) {
    const kind = KINDS[i];
    if (reason.startsWith(kind) && reason.charCodeAt(kind.length) == Char.Hyphen) return kind;
  }
  return reason;
}
