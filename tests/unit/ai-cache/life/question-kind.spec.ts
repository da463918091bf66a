import { Bytes } from "../../../../assembly/proxy-wasm/bytes";
import { QuestionKind } from "../../../../assembly/ai-cache/life/change-model";
import { kindOf, WordList } from "../../../../assembly/ai-cache/life/question-kind";

function kind(text: string, further: WordList | null = null): QuestionKind {
  return kindOf(Bytes.of(text), further);
}

describe("the kind of a question", () => {
  it("is timely where it asks for what is so now", () => {
    const timely = [
      "What time is it now?",
      "Who won the match today?",
      "What is the WEATHER in Paris",
      "the latest release of node",
      "What happened this week in Rome?",
      "今天天气怎么样？",
      "现在几点了",
      "特斯拉股价多少",
      "人民币兑美元的汇率",
      "今天天氣怎麼樣",
    ];
    for (let i = 0; i < timely.length; i++) expect(kind(timely[i])).toBe(QuestionKind.Timely);
  });

  it("is general where words only look alike", () => {
    const general = [
      "How do I reset my password?",
      "Explain knowledge and nowhere",
      "What is this? A week has seven days.",
      "水的沸点是多少",
      "如何重置密码",
      "",
    ];
    for (let i = 0; i < general.length; i++) expect(kind(general[i])).toBe(QuestionKind.General);
  });

  it("is creative where it asks for what is made up, unless that is of today", () => {
    expect(kind("Write a poem about the sea")).toBe(QuestionKind.Creative);
    expect(kind("写一首关于春天的诗")).toBe(QuestionKind.Creative);
    expect(kind("讲个笑话")).toBe(QuestionKind.Creative);
    expect(kind("Write a summary of today's news")).toBe(QuestionKind.Timely);
  });

  it("knows an operator's words", () => {
    const words = new WordList();
    words.add("on duty");
    words.add("值班");
    words.add("Q4");
    words.add("!?");
    expect(kind("Who is on duty?", words)).toBe(QuestionKind.Timely);
    expect(kind("谁在值班", words)).toBe(QuestionKind.Timely);
    expect(kind("The figures of q4", words)).toBe(QuestionKind.Timely);
    expect(kind("What duty is on tea?", words)).toBe(QuestionKind.General);
  });

  it("takes any bytes", () => {
    const bytes = new Uint8Array(300);
    for (let i = 0; i < 300; i++) bytes[i] = <u8>(255 - i);
    expect(kindOf(Bytes.wrap(bytes.buffer), null)).toBe(QuestionKind.General);
  });
});
