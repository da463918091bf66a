/** Of a request that loses nothing. Never written to. */
const NOTHING: string[] = [];
/** Most fields that are recorded: some names are the client's, and each new one is looked for among them. */
const MAX_FIELDS: i32 = 32;

/** What the translation of one request leaves out. */
export class Losses {
  /** Names of fields, each once. */
  fields: string[] = NOTHING;
  /** The first field whose loss `strictTranslation` does not allow; empty for none. */
  refused: string = "";

  /** Records a field that is left out without changing the meaning. */
  note(field: string): void {
    if (this.fields === NOTHING) this.fields = [field];
    else if (this.fields.length < MAX_FIELDS && !this.fields.includes(field))
      this.fields.push(field);
  }

  /** Records a field whose content the model will not see. */
  noteContent(field: string): void {
    this.note(field);
    if (this.refused.length == 0) this.refused = field;
  }
}
