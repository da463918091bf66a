/**
 * `json-as` as a second opinion on well-formed JSON. It stays out of the modules because it traps
 * on ordinary input; here it only sees texts that both must take.
 */
import { JSON } from "json-as";
import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../../assembly/json/document";
import { JsonWriter } from "../../../assembly/json/writer";

@json
class Message {
  role: string = "";
  content: string = "";
}

@json
class Chat {
  model: string = "";
  max_tokens: i32 = 0;
  stream: bool = false;
  messages: Message[] = [];
}

const TEXTS = [
  "",
  "plain",
  'quote " and \\ backslash',
  "line\nbreak\ttab",
  "中文 é",
  "control \u0001",
  "/slash",
  "😀",
];

let seed: u32 = 12345;
function random(below: i32): i32 {
  seed = seed * 1664525 + 1013904223;
  return <i32>((seed >> 8) % <u32>below);
}

function randomText(): string {
  let text = "";
  for (let i = random(4); i >= 0; i--) text += TEXTS[random(TEXTS.length)];
  return text;
}

describe("json-as and our reader", () => {
  it("read the same values from 500 chats", () => {
    for (let i = 0; i < 500; i++) {
      const chat = new Chat();
      chat.model = randomText();
      chat.max_tokens = random(100000);
      chat.stream = random(2) == 1;
      for (let n = random(4); n >= 0; n--) {
        const message = new Message();
        message.role = randomText();
        message.content = randomText();
        chat.messages.push(message);
      }
      const text = JSON.stringify<Chat>(chat);
      const document = new JsonDocument();
      expect(document.parse(Bytes.of(text))).toBe(true, text);
      expect(document.text(document.member(0, Bytes.of("model"))).toString()).toBe(chat.model);
      expect(document.raw(document.member(0, Bytes.of("max_tokens"))).toString()).toBe(
        chat.max_tokens.toString(),
      );
      expect(document.isTrue(document.member(0, Bytes.of("stream")))).toBe(chat.stream);
      const messages = document.member(0, Bytes.of("messages"));
      expect(document.kind(messages)).toBe(Kind.Array);
      expect(document.size(messages)).toBe(chat.messages.length);
      for (let n = 0; n < chat.messages.length; n++) {
        const message = document.element(messages, n);
        expect(document.text(document.member(message, Bytes.of("content"))).toString()).toBe(
          chat.messages[n].content,
        );
      }
    }
  });

  it("read what our writer writes", () => {
    for (let i = 0; i < 500; i++) {
      const text = randomText();
      const json = new JsonWriter().string(Bytes.of(text)).toBytes().toString();
      expect(JSON.parse<string>(json)).toBe(text);
    }
  });
});
