import { Bytes } from "../../../../assembly/proxy-wasm/bytes";
import {
  agreementOf,
  DEFAULT_THRESHOLD,
  FULL_SCORE,
} from "../../../../assembly/ai-cache/life/agreement";

function agree(a: string, b: string): bool {
  const there = score(a, b);
  expect(score(b, a)).toBe(there);
  return there >= DEFAULT_THRESHOLD;
}

function score(a: string, b: string): i32 {
  return agreementOf(Bytes.of(a), Bytes.of(b));
}

describe("whether two answers say the same", () => {
  it("is so for equal ones, and for the same words in another order", () => {
    expect(score("Paris is the capital.", "Paris is the capital.")).toBe(FULL_SCORE);
    expect(agree("Paris is the capital of France.", "The capital of France is Paris.")).toBe(true);
    expect(agree("", "")).toBe(true);
    expect(agree("", "Paris")).toBe(false);
    expect(agree("Open the settings.", "It costs a lot at any bank.")).toBe(false);
  });

  it("reads scripts without blanks by pairs of characters", () => {
    expect(agree("北京今天天气很好，适合出门散步。", "北京今天天气很好，很适合出门散步。")).toBe(
      true,
    );
    expect(
      agree("水在标准大气压下的沸点是100摄氏度。", "在标准大气压下，水的沸点是100摄氏度。"),
    ).toBe(true);
    expect(agree("水在标准大气压下的沸点是100摄氏度。", "水在标准大气压下的沸点是90摄氏度。")).toBe(
      false,
    );
    expect(agree("北京今天天气很好，适合出门散步。", "请在设置中重新绑定手机号码。")).toBe(false);
    expect(agree("東京は日本の首都です。", "日本の首都は東京です。")).toBe(true);
    expect(agree("是", "否")).toBe(false);
    expect(agree("可以退货。", "不可以退货。")).toBe(false);
  });

  it("does not take a list's numbers for numbers", () => {
    expect(
      agree(
        "1. Open Settings 2. Choose Account 3. Press Reset",
        "Open Settings, choose Account, press Reset.",
      ),
    ).toBe(true);
    expect(
      agree(
        "Do this:\n1. Open Settings\n2. Choose Account\n",
        "Do this: open settings, choose account",
      ),
    ).toBe(true);
    expect(agree("(1) 打开设置 (2) 选择账户", "打开设置，选择账户")).toBe(true);
    expect(agree("1、打开设置\n2、选择账户", "打开设置\n选择账户")).toBe(true);
  });

  it("takes numbers for numbers that could be a list's", () => {
    expect(agree("42. That is the answer.", "43. That is the answer.")).toBe(false);
    expect(agree("1.", "2.")).toBe(false);
    expect(agree("1", "2")).toBe(false);
    expect(
      agree("The total comes to 1. Pay it today.", "The total comes to 5. Pay it today."),
    ).toBe(false);
    expect(agree("Version 1.5 is out.", "Version 1.6 is out.")).toBe(false);
    expect(agree("2023", "2024")).toBe(false);
    expect(agree("2023: the year in review.", "2024: the year in review.")).toBe(false);
  });

  it("compares numbers by their values", () => {
    expect(agree("It costs $1,000.50 in all.", "It costs $1000.5 in all.")).toBe(true);
    expect(agree("It costs 3.0 dollars.", "It costs 3 dollars.")).toBe(true);
    expect(agree("Release 1.0.2 is out.", "Release 1.0.20 is out.")).toBe(false);
    expect(agree("Release 1.0.0 is out.", "Release 1.0 is out.")).toBe(false);
    expect(agree("It is -5 degrees.", "It is 5 degrees.")).toBe(false);
    expect(agree("Pages 3-5 matter.", "Pages 3 to 5 matter.")).toBe(true);
    expect(agree("价格是１００元。", "价格是100元。")).toBe(true);
    expect(agree("It costs 5 dollars.", "It costs dollars.")).toBe(false);
    // An answer that says more is not another answer.
    expect(
      agree("Ports 80, 443 and 8080 are open there.", "Ports 80, 443, 8080 and 22 are open there."),
    ).toBe(true);
  });

  it("parts an answer from its denial", () => {
    expect(
      agree("You can return shoes after two weeks.", "You can't return shoes after two weeks."),
    ).toBe(false);
    expect(agree("Yes, it is safe to eat.", "No, it is not, never safe to eat.")).toBe(false);
    expect(agree("You cannot return shoes here.", "You can not return shoes here.")).toBe(true);
    // What a later sentence denies is a remark.
    expect(
      agree(
        "Open the settings of your account. Then choose reset.",
        "Open the settings of your account. Then choose reset. Do not wait.",
      ),
    ).toBe(true);
  });

  it("takes any bytes", () => {
    const bytes = new Uint8Array(256);
    for (let i = 0; i < 256; i++) bytes[i] = <u8>i;
    const all = Bytes.wrap(bytes.buffer);
    expect(agreementOf(all, all)).toBe(FULL_SCORE);
    for (let cut = 0; cut < 256; cut++) agreementOf(all.slice(cut), all.slice(0, cut));
    expect(agree("\u{1f600}", "\u{1f621}")).toBe(true);
  });

  it("compares long answers by their beginnings", () => {
    let text = "";
    for (let i = 0; i < 3000; i++) text += "w" + i.toString() + " ";
    expect(agree(text, text + " and more of it")).toBe(true);
  });
});
