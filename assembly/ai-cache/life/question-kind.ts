import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerReader } from "./answer-elements";
import { QuestionKind } from "./change-model";

/** Most elements of a question that are read. */
const MAX_ELEMENTS: i32 = 512;

/** Words of questions about the present: whole words in English, anywhere in Chinese. */
const TIMELY =
  "today|tonight|now|current|currently|latest|recent|recently|yesterday|tomorrow|this week|this month|this year|" +
  "live|breaking|price|prices|stock|stocks|rate|rates|weather|forecast|score|scores|schedule|version|release|status|" +
  "news|今天|今日|今晚|现在|現在|目前|当前|當前|最新|最近|近期|刚刚|剛剛|本周|本週|这周|這週|本月|今年|昨天|明天|" +
  "实时|實時|天气|天氣|股价|股價|价格|價格|行情|汇率|匯率|比分|新闻|新聞|版本|几点|幾點";
/** Words of questions for something creative. */
const CREATIVE =
  "write|poem|poems|story|stories|joke|jokes|slogan|slogans|imagine|brainstorm|写一|寫一|写首|寫首|诗歌|詩歌|首诗|首詩|" +
  "故事|笑话|笑話|起名";

const reader: AnswerReader = new AnswerReader();

/** Names of `QuestionKind` in metrics. */
export const KIND_NAMES: string[] = ["general", "timely", "creative"];

/** Words and phrases, as the elements that a text with them has. */
export class WordList {
  private readonly phrases: Map<u64, StaticArray<u64>[]> = new Map();

  /** Adds a word or a phrase. Texts without letters are ignored. */
  add(text: string): void {
    const hashes: u64[] = [];
    reader.open(Bytes.of(text));
    while (reader.next()) hashes.push(reader.hash);
    if (hashes.length == 0) return;
    const phrase = StaticArray.fromArray(hashes);
    const first = hashes[0];
    if (!this.phrases.has(first)) this.phrases.set(first, []);
    this.phrases.get(first).push(phrase);
  }

  addAll(words: string): WordList {
    const list = words.split("|");
    for (let i = 0; i < list.length; i++) this.add(list[i]);
    return this;
  }

  /** Whether one of the phrases begins at element `index` of a text. */
  begins(elements: StaticArray<u64>, index: i32, count: i32): bool {
    const first = unchecked(elements[index]);
    if (!this.phrases.has(first)) return false;
    const list = this.phrases.get(first);
    for (let i = 0; i < list.length; i++) {
      const phrase = list[i];
      if (index + phrase.length > count) continue;
      let k = 1;
      while (k < phrase.length && unchecked(phrase[k]) == unchecked(elements[index + k])) k++;
      if (k >= phrase.length) return true;
    }
    return false;
  }
}

const timely: WordList = new WordList().addAll(TIMELY);
const creative: WordList = new WordList().addAll(CREATIVE);
const elements: StaticArray<u64> = new StaticArray<u64>(MAX_ELEMENTS);

/** The kind of a question, by its words. `further`: configured words for the present, null for none. */
export function kindOf(question: Bytes, further: WordList | null): QuestionKind {
  let count = 0;
  reader.open(question);
  while (count < MAX_ELEMENTS && reader.next()) {
    unchecked((elements[count++] = reader.hash));
  }
  let kind = QuestionKind.General;
  for (let i = 0; i < count; i++) {
    if (timely.begins(elements, i, count)) return QuestionKind.Timely;
    if (further !== null && further.begins(elements, i, count)) return QuestionKind.Timely;
    if (creative.begins(elements, i, count)) kind = QuestionKind.Creative;
  }
  return kind;
}
