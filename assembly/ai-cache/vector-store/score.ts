/** `vector.metric`. */
export namespace Metric {
  export const Cosine: i32 = 0;
  export const L2: i32 = 1;
  export const InnerProduct: i32 = 2;
}

/** How a store's score becomes cosine similarity. Vectors are taken to be of length one. */
export namespace ScoreForm {
  /** The similarity itself. */
  export const Similarity: i32 = 0;
  /** 1 − s: cosine distance. */
  export const Distance: i32 = 1;
  /** 1 − s/2: squared distance. */
  export const SquaredDistance: i32 = 2;
  /** 1 − s²/2: distance. */
  export const Euclid: i32 = 3;
  /** 2s − 1: Elasticsearch's cosine and dot product. */
  export const HalfShifted: i32 = 4;
  /** 1 − (1/s − 1)/2: Elasticsearch's l2. */
  export const InverseSquared: i32 = 5;
  /** −s: Weaviate's dot product. */
  export const Negated: i32 = 6;
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

/** Whether a smaller score is nearer. */
export function isDistance(form: i32): bool {
  return (
    form == ScoreForm.Distance ||
    form == ScoreForm.SquaredDistance ||
    form == ScoreForm.Euclid ||
    form == ScoreForm.Negated
  );
}
