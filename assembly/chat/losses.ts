/** What the translation of one request leaves out. */
export class Losses {
  /** Names of fields, each once. */
  readonly fields: string[] = [];
  /** The first field whose loss `strictTranslation` does not allow; empty for none. */
  refused: string = "";

  /** Notes a field that the model does without. */
  note(field: string): void {
    if (!this.fields.includes(field)) this.fields.push(field);
  }

  /** Notes a field that says something which the model will not know. */
  noteContent(field: string): void {
    this.note(field);
    if (this.refused.length == 0) this.refused = field;
  }
}
