import { Bytes } from "../../../../../assembly/proxy-wasm/bytes";
import { EditedBytes } from "../../../../../assembly/proxy-wasm/edited-bytes";
import {
  AwsCredentials,
  SignedRequest,
} from "../../../../../assembly/ai-proxy/provider/bedrock/sigv4";

const BODY = '{"messages":[{"role":"user","content":[{"text":"hi"}]}]}';

const PATH = "/model/anthropic.claude-3-5-haiku-20241022-v1%3A0/converse";

const HOST = "bedrock-runtime.us-east-1.amazonaws.com";

/** 2026-01-01T00:00:00Z. */
const NOW: u64 = 1767225600;

function credentials(session: string): AwsCredentials {
  const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  return new AwsCredentials("AKIDEXAMPLE", secret, session, "us-east-1");
}

function converse(): SignedRequest {
  const body = EditedBytes.of(Bytes.of(BODY));
  return new SignedRequest("bedrock", "POST", HOST, Bytes.of(PATH), body, NOW);
}

function signature(request: SignedRequest, by: AwsCredentials): string {
  return request.authorization(by).split("Signature=")[1];
}

/** The numbers were computed with Python's hashlib and hmac. */
describe("AWS Signature Version 4", () => {
  it("signs host, date and body", () => {
    const request = converse();
    const by = credentials("");
    expect(request.date).toBe("20260101T000000Z");
    expect(request.canonicalHash(by, "host;x-amz-date")).toBe(
      "db224c604c764ec34af13ac0e5f72bf038245d47898b5b6abada1e1328b31385",
    );
    expect(request.authorization(by)).toBe(
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/bedrock/aws4_request, " +
        "SignedHeaders=host;x-amz-date, " +
        "Signature=dc35e329ac017f8c6325c607da44a25ba8e8d07349ddfac3e8f10f1cf03b4b0f",
    );
  });

  it("signs the token of a session", () => {
    const request = converse();
    expect(signature(request, credentials("SESSION/TOKEN=="))).toBe(
      "43bf6eb7798b48f8c872b3683b19ba55e4daf6c8905abd3fa157d9ecc42ad56b",
    );
  });

  it("signs for another service", () => {
    const body = Bytes.of('{"model":"m","max_tokens":1,"messages":[]}');
    const host = "bedrock-mantle.us-east-1.api.aws";
    const path = Bytes.of("/anthropic/v1/messages");
    const request = new SignedRequest(
      "bedrock-mantle",
      "POST",
      host,
      path,
      EditedBytes.of(body),
      NOW,
    );
    expect(signature(request, credentials(""))).toBe(
      "3964fbb5e7e4b7a845678bd598934431b5bf9857057c9efd291d9eb3a6a85195",
    );
  });
});
