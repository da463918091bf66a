import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { ConfigReader } from "../../../assembly/rules/config-reader";
import { Diagnostics } from "../../../assembly/rules/diagnostics";
import { openConfiguration } from "../../../assembly/rules/root-document";
import { GLOBAL, INACTIVE, RequestFacts, Rule, RuleSet } from "../../../assembly/rules/rule-set";

const REQUEST = facts("route-1", "api.example.com:8080", "outbound|443|v1|llm.dns");

function open(text: string, diagnostics: Diagnostics): ConfigReader {
  const reader = openConfiguration(Bytes.of(text), diagnostics);
  return reader === null
    ? changetype<ConfigReader>(openConfiguration(Bytes.of("{}"), diagnostics))
    : reader;
}

function facts(route: string, authority: string, cluster: string): RequestFacts {
  return new RequestFacts(Bytes.of(route), Bytes.of(authority), Bytes.of(cluster));
}

function matches(rule: string, request: RequestFacts): bool {
  return new Rule(open(rule, new Diagnostics())).matches(request);
}

describe("rules", () => {
  it("matches routes", () => {
    expect(matches('{"_match_route_":["x","route-1"]}', REQUEST)).toBe(true);
    expect(matches('{"_match_route_":["route"]}', REQUEST)).toBe(false);
    expect(matches('{"_match_route_prefix_":["route"]}', REQUEST)).toBe(true);
    expect(matches('{"_match_route_prefix_":["oute"]}', REQUEST)).toBe(false);
  });

  it("matches domains without the port", () => {
    expect(matches('{"_match_domain_":["api.example.com"]}', REQUEST)).toBe(true);
    expect(matches('{"_match_domain_":["*.example.com"]}', REQUEST)).toBe(true);
    expect(matches('{"_match_domain_":["api.*"]}', REQUEST)).toBe(true);
    expect(matches('{"_match_domain_":["*"]}', REQUEST)).toBe(true);
    expect(matches('{"_match_domain_":["API.example.com"]}', REQUEST)).toBe(false);
    expect(matches('{"_match_domain_":["example.com"]}', REQUEST)).toBe(false);
  });

  it("matches services with and without port", () => {
    expect(matches('{"_match_service_":["llm.dns"]}', REQUEST)).toBe(true);
    expect(matches('{"_match_service_":["llm.dns:443"]}', REQUEST)).toBe(true);
    expect(matches('{"_match_service_":["llm.dns:80"]}', REQUEST)).toBe(false);
    expect(matches('{"_match_service_":["llm"]}', facts("", "", "llm"))).toBe(
      false,
      "a bare cluster name has no parts",
    );
  });

  it("wants route and service together, and prefers the higher kind", () => {
    expect(matches('{"_match_route_":["route-1"],"_match_service_":["llm.dns"]}', REQUEST)).toBe(
      true,
    );
    expect(matches('{"_match_route_":["route-1"],"_match_service_":["other.dns"]}', REQUEST)).toBe(
      false,
    );
    expect(matches('{"_match_route_":["route-2"],"_match_domain_":["*"]}', REQUEST)).toBe(false);
    expect(matches('{"_match_domain_":["x"],"_match_service_":["llm.dns"]}', REQUEST)).toBe(false);
  });

  it("refuses a rule without conditions", () => {
    const diagnostics = new Diagnostics();
    new Rule(open('{"a":1}', diagnostics));
    expect(diagnostics.errors.length).toBe(1);
  });

  it("takes the first that matches, then the global configuration, then none", () => {
    const set = new RuleSet();
    expect(set.select(REQUEST)).toBe(GLOBAL);
    set.add(new Rule(open('{"_match_route_":["other"]}', new Diagnostics())));
    set.add(new Rule(open('{"_match_route_":["route-1"]}', new Diagnostics())));
    set.add(new Rule(open('{"_match_domain_":["*"]}', new Diagnostics())));
    expect(set.select(REQUEST)).toBe(1);
    expect(set.select(facts("r", "h", ""))).toBe(2);
    const strict = new RuleSet();
    strict.add(new Rule(open('{"_match_route_":["other"]}', new Diagnostics())));
    strict.dropGlobal();
    expect(strict.select(REQUEST)).toBe(INACTIVE);
  });
});
