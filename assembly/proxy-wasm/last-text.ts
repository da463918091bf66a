import { Bytes } from "./bytes";

/** The bytes of a text that is usually the one of before. */
export class LastText {
  private text: string = "";
  private bytes: Bytes = Bytes.empty();

  bytesOf(text: string): Bytes {
    if (text != this.text) {
      this.text = text;
      this.bytes = Bytes.of(text);
    }
    return this.bytes;
  }
}
