import { Bytes } from "../../proxy-wasm/bytes";
import { HttpLink } from "../../redis/http-link";
import { hostLinks, RedisLink } from "../../redis/redis-link";
import { TcpLink } from "../../redis/tcp-link";
import { CacheConfig } from "../config/cache-config";
import { RedisConfig, Transport } from "../config/redis-section";
import { Embedder } from "../embedding/embedder";
import { AnswerBrief } from "../learning/answer-brief";
import { Judge } from "../learning/judge";
import { QuestionJudge } from "../learning/question-judge";
import { RemoteStore } from "../store/remote-store";
import { VectorStore } from "../vector-store/vector-store";

/** One configuration with its services, on one worker. */
export class Services {
  /** The embedding service, null without one. */
  embedder: Embedder | null = null;
  /** The judge of answers, null without one. */
  judge: Judge | null = null;
  /** The judge of questions, null without one. */
  questionJudge: QuestionJudge | null = null;
  /** The shared store, null without one. */
  remote: RemoteStore | null = null;
  /** The external vector store, null without one. */
  vectorStore: VectorStore | null = null;

  constructor(readonly config: CacheConfig) {
    const embedding = config.embedding;
    const vectors = config.vectors;
    if (embedding !== null) {
      const budget = config.match.totalTimeoutMs;
      this.embedder = new Embedder(embedding, budget, vectors !== null);
    }
    if (vectors !== null) this.vectorStore = new VectorStore(vectors);
    const judge = config.learning.judge;
    if (judge !== null) this.judge = new Judge(judge, new AnswerBrief());
    const questions = config.match.judge;
    if (questions !== null) {
      this.questionJudge = new QuestionJudge(questions, config.match.judgeIsShadow);
    }
    const redis = config.redis;
    if (redis !== null) {
      this.remote = new RemoteStore(
        linkTo(redis),
        Bytes.of(redis.prefix),
        config.keyMode,
        config.ttl,
        redis.maxKeyBytes,
      );
    }
  }
}

function linkTo(redis: RedisConfig): RedisLink {
  const settings = redis.settings;
  if (redis.transport == Transport.Webdis) return new HttpLink(settings, false);
  if (redis.transport == Transport.Upstash) return new HttpLink(settings, true);
  if (redis.transport == Transport.Host) {
    const factory = hostLinks();
    if (factory !== null) return factory.create(settings);
  }
  return new TcpLink(settings, redis.transport == Transport.Pool);
}
