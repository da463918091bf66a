import { Bytes } from "../../../../assembly/proxy-wasm/bytes";
import { ProviderConfig } from "../../../../assembly/ai-proxy/config/provider-config";
import { parseConfiguration } from "../../../../assembly/ai-proxy/config/proxy-config";
import { EditPlan, editRequest } from "../../../../assembly/ai-proxy/convert/request-body";
import { ModelLookup } from "../../../../assembly/ai-proxy/runtime/model-lookup";
import { MemberRule } from "../../../../assembly/ai-proxy/provider/base/member-rule";

function provider(members: string): ProviderConfig {
  const config = parseConfiguration(
    Bytes.of('{"provider":{"type":"openai","apiTokens":["t"]' + members + "}}"),
  );
  expect(config.diagnostics.errors.join()).toBe("");
  return changetype<ProviderConfig>(config.at(-1));
}

function edited(body: string, mapping: string, usage: bool): string {
  const configured = provider(',"modelMapping":' + mapping);
  const plan = new EditPlan(new ModelLookup(configured.mapping, null));
  plan.askForUsage = usage;
  const edit = editRequest(Bytes.of(body), plan);
  return edit.error.length > 0 ? edit.error : edit.body.toString();
}

describe("request bodies", () => {
  it("change in the model only", () => {
    expect(
      edited('{ "temperature":1.0, "model" : "gpt-4", "x":1e-7 }', '{"gpt-4":"llama"}', false),
    ).toBe('{ "temperature":1.0, "model" : "llama", "x":1e-7 }');
    expect(edited('{"mod\\u0065l":"gpt-4"}', '{"*":"a\\"b"}', false)).toBe(
      '{"mod\\u0065l":"a\\"b"}',
    );
    expect(edited('{"model":"other"}', '{"gpt-4":"llama"}', false)).toBe('{"model":"other"}');
    expect(edited("{}", '{"*":"x"}', true)).toBe("{}");
  });

  it("map exactly first, then by the longest prefix, then by *", () => {
    const mapping = '{"*":"any","gpt-*":"short","gpt-4*":"long","gpt-4":"exact","keep":""}';
    expect(edited('{"model":"gpt-4"}', mapping, false)).toBe('{"model":"exact"}');
    expect(edited('{"model":"gpt-4o"}', mapping, false)).toBe('{"model":"long"}');
    expect(edited('{"model":"gpt-3"}', mapping, false)).toBe('{"model":"short"}');
    expect(edited('{"model":"claude"}', mapping, false)).toBe('{"model":"any"}');
    expect(edited('{"model":"keep"}', mapping, false)).toBe('{"model":"keep"}');
  });

  it("ask streams for their usage unless the client has decided", () => {
    expect(edited('{"stream":true}', "{}", true)).toBe(
      '{"stream":true,"stream_options":{"include_usage":true}}',
    );
    expect(edited('{"stream_options":{ "a":1},"model":"m","stream":true}', '{"m":"n"}', true)).toBe(
      '{"stream_options":{"include_usage":true, "a":1},"model":"n","stream":true}',
    );
    expect(edited('{"model":"m","stream":true,"stream_options":{}}', '{"m":"n"}', true)).toBe(
      '{"model":"n","stream":true,"stream_options":{"include_usage":true}}',
    );
    expect(edited('{"stream":true,"stream_options":{"include_usage":false}}', "{}", true)).toBe(
      '{"stream":true,"stream_options":{"include_usage":false}}',
    );
    expect(edited('{"stream":false}', "{}", true)).toBe('{"stream":false}');
    expect(edited('{"stream":true}', "{}", false)).toBe('{"stream":true}');
  });

  it("lose role developer and max_completion_tokens where the vendor does not know them", () => {
    const local = provider(',"openaiCustomUrl":"http://llm.example/v1"');
    const plan = new EditPlan(new ModelLookup(local.mapping, local.features));
    plan.isAdapted = true;
    plan.askForUsage = true;
    plan.rules = [MemberRule.renamed("max_completion_tokens", "max_tokens")];
    const edit = (body: string, plan: EditPlan): string =>
      editRequest(Bytes.of(body), plan).body.toString();
    expect(
      edit(
        '{"messages":[{"role":"developer","content":"developer"},{"x":1,"role" : "user"}],"max_completion_tokens": 5,"stream":true}',
        plan,
      ),
    ).toBe(
      '{"messages":[{"role":"system","content":"developer"},{"x":1,"role" : "user"}],"max_tokens": 5,"stream":true,"stream_options":{"include_usage":true}}',
    );
    expect(edit('{"max_completion_tokens":5,"max_tokens":6}', plan)).toBe('{"max_tokens":6}');
    expect(edit('{"messages":"x","max_tokens":6}', plan)).toBe('{"messages":"x","max_tokens":6}');
  });

  it("are refused with a reason", () => {
    expect(edited('{"model":', "{}", false)).toBe(
      "the request body is not valid: JSON ends too early at byte 9",
    );
    expect(edited("[1]", "{}", false)).toBe("the request body is not a JSON object");
    expect(edited('{"model":5}', "{}", false)).toBe("model is not a string");
  });
});
