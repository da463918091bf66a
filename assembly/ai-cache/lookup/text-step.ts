import { LookupQuery, newSearch } from "./query";
import { semanticHit, semanticMiss } from "./semantic-hit";
import { Finding, LookupStep, Waiter } from "./step";

/** Cached questions that ask the same, judged by their words. */
export class TextStep extends LookupStep {
  look(query: LookupQuery, _waiter: Waiter): Finding {
    const search = newSearch(query.answers, query.config, query.key, query.directives);
    if (search === null) return Finding.NONE;
    if (!search.isPossible) return semanticMiss(search);
    query.search = search;
    return search.byText() ? semanticHit(query, search) : semanticMiss(search);
  }
}
