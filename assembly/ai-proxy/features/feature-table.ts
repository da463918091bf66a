import { Bytes } from "../../proxy-wasm/bytes";
import { Char } from "../../proxy-wasm/char";
import { KeyReader } from "../../rules/key-reader";
import { FeatureEntry, MODEL_FEATURES } from "./feature-entry";
import { ModelFeatures } from "./model-features";
import { matchesModel } from "./pattern";

/** What `modelFeatures` has for the models of one pattern: a row, or one for each of the table's. */
class OwnRows {
  constructor(
    readonly models: string,
    readonly rows: ModelFeatures[],
  ) {}
}

/** What the models of one provider accept: what is configured, else what the table says. */
export class FeatureTable {
  /** Of `modelFeatures`, in order. */
  private readonly own: OwnRows[] = [];

  private constructor(private readonly rows: ModelFeatures[]) {}

  /** `rows`: what is known of the models, the last of them that of all others. */
  static read(provider: KeyReader, rows: ModelFeatures[]): FeatureTable {
    const table = new FeatureTable(rows);
    const entries = provider.sections(MODEL_FEATURES);
    for (let i = 0; i < entries.length; i++) table.add(new FeatureEntry(entries[i]));
    return table;
  }

  /** What the vendor's model of this name accepts; the first pattern that matches counts. */
  find(model: Bytes): ModelFeatures {
    const plain = withoutPublisher(model);
    for (let i = 0; i < this.own.length; i++) {
      const own = this.own[i];
      if (matches(own.models, model, plain)) {
        return own.rows[own.rows.length == 1 ? 0 : this.indexOf(model)];
      }
    }
    return this.rows[this.indexOf(model)];
  }

  /** The row of a model; the last one is the default. */
  private indexOf(model: Bytes): i32 {
    const last = this.rows.length - 1;
    const plain = withoutPublisher(model);
    for (let i = 0; i < last; i++) {
      if (matches(this.rows[i].models, model, plain)) return i;
    }
    return last;
  }

  /**
   * What an entry does not say is as in the row of its `family`; without one as in that of the model
   * which is asked for, so that there is a copy of each row.
   */
  private add(entry: FeatureEntry): void {
    const rows: ModelFeatures[] = [];
    if (entry.family.length > 0) {
      rows.push(this.copy(this.indexOf(Bytes.of(entry.family)), entry));
    } else {
      for (let i = 0; i < this.rows.length; i++) rows.push(this.copy(i, entry));
    }
    this.own.push(new OwnRows(entry.models, rows));
  }

  /** A row of the table with what an entry says. */
  private copy(index: i32, entry: FeatureEntry): ModelFeatures {
    return entry.applyTo(this.rows[index].copy(entry.models));
  }
}

/** A name without what marketplaces and gateways put in front: the publisher (`openai/gpt-5`). */
function withoutPublisher(model: Bytes): Bytes {
  return model.slice(model.lastIndexOf(Char.Slash) + 1);
}

/** Whether a pattern matches a model's name, or what it is without the publisher. */
function matches(pattern: string, model: Bytes, plain: Bytes): bool {
  return (
    matchesModel(pattern, model) || (plain.length < model.length && matchesModel(pattern, plain))
  );
}
