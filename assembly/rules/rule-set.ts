import { Bytes } from "../proxy-wasm/bytes";
import { hostOf } from "../http/url";
import { ConfigKey, KeyForm } from "./config-key";
import { ConfigReader } from "./config-reader";
import { KeyReader } from "./key-reader";
import { Char } from "../proxy-wasm/char";

/** The configuration that applies outside every rule. */
export const GLOBAL: i32 = -1;
/** No configuration applies: the plugin does not touch the request. */
export const INACTIVE: i32 = -2;

const ROUTE = <ConfigKey>{
  name: "_match_route_",
  form: KeyForm.Texts,
  meaning: "the route's name; together with `_match_service_` both must match",
};
const DOMAIN = <ConfigKey>{
  name: "_match_domain_",
  form: KeyForm.Texts,
  meaning: "the host without its port: exact, `*suffix` or `prefix*`",
};
const SERVICE = <ConfigKey>{
  name: "_match_service_",
  form: KeyForm.Texts,
  meaning: "the route's cluster `outbound\\|port\\|subset\\|name` as `name` or `name:port`",
};
const ROUTE_PREFIX = <ConfigKey>{
  name: "_match_route_prefix_",
  form: KeyForm.Texts,
  meaning: "prefix of the route's name",
};

/** The keys of a rule with its conditions. */
export const MATCH_KEYS: ConfigKey[] = [ROUTE, DOMAIN, SERVICE, ROUTE_PREFIX];

/** Keys that every configuration may have, and every rule. */
export const RULE_KEYS: ConfigKey[] = MATCH_KEYS.concat([
  <ConfigKey>{ name: "_rules_", form: KeyForm.Any },
  <ConfigKey>{ name: "_plugin_id_", form: KeyForm.Any },
]);

/** What rules are matched against. */
export class RequestFacts {
  constructor(
    /** Name of the route, empty when it has none. */
    readonly route: Bytes,
    /** The request's `:authority`. */
    readonly authority: Bytes,
    /** Name of the route's cluster. */
    readonly cluster: Bytes,
  ) {}
}

/**
 * The conditions of one rule, as Higress' SDK reads them: routes together with services if both are
 * given, else routes, domains, services, route prefixes, in this order; lower kinds are ignored
 * when a higher one is given.
 */
export class Rule {
  private readonly routes: Bytes[];
  private readonly domains: Bytes[];
  private readonly services: Bytes[];
  private readonly prefixes: Bytes[];

  constructor(reader: ConfigReader) {
    const keys = new KeyReader(reader, MATCH_KEYS);
    this.routes = encode(keys.texts(ROUTE));
    const domains = keys.texts(DOMAIN);
    for (let i = 0; i < domains.length; i++) {
      const isHost =
        !domains[i].includes("/") && (!domains[i].includes(":") || domains[i].endsWith("]"));
      if (isHost) continue;
      const message =
        '"' + domains[i] + '" matches nothing: write the host alone, without scheme, port and path';
      keys.warn(DOMAIN, message);
    }
    this.domains = encode(domains);
    this.services = encode(keys.texts(SERVICE));
    this.prefixes = encode(keys.texts(ROUTE_PREFIX));
    if (
      this.routes.length + this.domains.length + this.services.length + this.prefixes.length ==
      0
    ) {
      reader.diagnostics.error(
        reader.path,
        "a rule needs one of _match_route_, _match_domain_, _match_service_, _match_route_prefix_",
      );
    }
  }

  /** Whether the request's host decides. */
  get dependsOnDomain(): bool {
    return this.routes.length == 0 && this.domains.length > 0;
  }

  /** Whether a request meets the conditions. */
  matches(facts: RequestFacts): bool {
    if (this.routes.length > 0) {
      if (!facts.route.isIn(this.routes)) return false;
      return this.services.length == 0 || this.matchesService(facts.cluster);
    }
    if (this.domains.length > 0) return this.matchesDomain(hostOf(facts.authority));
    if (this.services.length > 0) return this.matchesService(facts.cluster);
    for (let i = 0; i < this.prefixes.length; i++) {
      if (facts.route.startsWith(this.prefixes[i])) return true;
    }
    return false;
  }

  /** `exact`, `*suffix` or `prefix*`; case-sensitive. */
  private matchesDomain(host: Bytes): bool {
    for (let i = 0; i < this.domains.length; i++) {
      const pattern = this.domains[i];
      if (pattern.at(0) == Char.Star) {
        if (host.endsWith(pattern.slice(1)) && host.length >= pattern.length - 1) return true;
      } else if (pattern.length > 0 && pattern.at(pattern.length - 1) == Char.Star) {
        if (host.startsWith(pattern.slice(0, pattern.length - 1))) return true;
      } else if (pattern.equals(host)) {
        return true;
      }
    }
    return false;
  }

  /** `fqdn` or `fqdn:port` against a cluster named `outbound|port|subset|fqdn`. */
  private matchesService(cluster: Bytes): bool {
    const first = cluster.indexOf(Char.Bar);
    const second = first < 0 ? -1 : cluster.indexOf(Char.Bar, first + 1);
    const third = second < 0 ? -1 : cluster.indexOf(Char.Bar, second + 1);
    if (third < 0) return false;
    const port = cluster.slice(first + 1, second);
    const name = cluster.slice(third + 1);
    for (let i = 0; i < this.services.length; i++) {
      const wanted = this.services[i];
      if (wanted.equals(name)) return true;
      const colon = wanted.lastIndexOf(Char.Colon);
      if (colon < 0) continue;
      if (wanted.slice(0, colon).equals(name) && wanted.slice(colon + 1).equals(port)) return true;
    }
    return false;
  }
}

/** The rules of a configuration in order; the first that matches counts. */
export class RuleSet {
  private readonly rules: Rule[] = [];
  private hasGlobal: bool = true;

  /** Appends a rule. */
  add(rule: Rule): void {
    this.rules.push(rule);
  }

  /** Makes nothing apply outside the rules. */
  dropGlobal(): void {
    this.hasGlobal = false;
  }

  /** Whether there are no rules, so that no facts are needed. */
  get isEmpty(): bool {
    return this.rules.length == 0;
  }

  /** Whether some rule looks at the request's host. */
  get dependsOnDomain(): bool {
    for (let i = 0; i < this.rules.length; i++) {
      if (this.rules[i].dependsOnDomain) return true;
    }
    return false;
  }

  /** Index of the rule that applies, `GLOBAL` or `INACTIVE`. */
  select(facts: RequestFacts): i32 {
    for (let i = 0; i < this.rules.length; i++) {
      if (this.rules[i].matches(facts)) return i;
    }
    return this.fallback;
  }

  /** What applies when no rule does. */
  get fallback(): i32 {
    return this.hasGlobal ? GLOBAL : INACTIVE;
  }
}

function encode(texts: string[]): Bytes[] {
  const list: Bytes[] = [];
  for (let i = 0; i < texts.length; i++) list.push(Bytes.of(texts[i]));
  return list;
}
