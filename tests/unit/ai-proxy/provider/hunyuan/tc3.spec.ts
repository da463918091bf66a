import { Bytes } from "../../../../../assembly/proxy-wasm/bytes";
import {
  tc3Authorization,
  TencentCredentials,
} from "../../../../../assembly/ai-proxy/provider/hunyuan/tc3";

/** The numbers were computed with Python's hashlib and hmac. */
describe("Tencent Cloud's third signature", () => {
  it("signs type, host, action and body", () => {
    const by = new TencentCredentials("A".repeat(36), "B".repeat(32));
    const body = Bytes.of('{"Model":"hunyuan-lite","Messages":[{"Role":"user","Content":"hi"}]}');
    const host = "hunyuan.tencentcloudapi.com";
    expect(
      tc3Authorization(by, "POST", host, Bytes.of("/"), "ChatCompletions", body, 1767225600),
    ).toBe(
      "TC3-HMAC-SHA256 Credential=" +
        "A".repeat(36) +
        "/2026-01-01/hunyuan/tc3_request, SignedHeaders=content-type;host;x-tc-action, " +
        "Signature=d148dd49d1bb8372b076696baee5f7b52e0582cc142a6e2c66a7683cda8cc95c",
    );
  });
});
