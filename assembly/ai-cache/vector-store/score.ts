/** `vector.metric`. */
export enum Metric {
  Cosine = 0,
  L2 = 1,
  InnerProduct = 2,
}

/** Conversions of a store's score into cosine similarity, for normalised vectors. */
export enum ScoreForm {
  /** The similarity itself. */
  Similarity = 0,
  /** 1 − s: cosine distance. */
  Distance = 1,
  /** 1 − s/2: squared distance. */
  SquaredDistance = 2,
  /** 1 − s²/2: distance. */
  Euclid = 3,
  /** 2s − 1: Elasticsearch's cosine and dot product. */
  HalfShifted = 4,
  /** 1 − (1/s − 1)/2: Elasticsearch's l2. */
  InverseSquared = 5,
  /** −s: Weaviate's dot product. */
  Negated = 6,
}

/** Cosine similarity for a store's score; NaN when the score cannot be one. */
export function similarityOf(form: i32, score: f64): f64 {
  switch (form) {
    case ScoreForm.Distance:
      return 1 - score;
    case ScoreForm.SquaredDistance:
      return 1 - score / 2;
    case ScoreForm.Euclid:
      return 1 - (score * score) / 2;
    case ScoreForm.HalfShifted:
      return 2 * score - 1;
    case ScoreForm.InverseSquared:
      return score > 0 ? 1 - (1 / score - 1) / 2 : NaN;
    case ScoreForm.Negated:
      return -score;
    default:
      return score;
  }
}

/** Whether smaller scores are more similar. */
export function isDistance(form: i32): bool {
  return (
    form == ScoreForm.Distance ||
    form == ScoreForm.SquaredDistance ||
    form == ScoreForm.Euclid ||
    form == ScoreForm.Negated
  );
}
