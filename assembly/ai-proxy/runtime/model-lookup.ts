import { Bytes } from "../../proxy-wasm/bytes";
import { Recent } from "../../text/recent";
import { ModelMapping } from "../config/model-mapping";
import { FeatureTable } from "../features/feature-table";
import { ModelFeatures } from "../features/model-features";

/** Longer names are not remembered. In bytes. */
const MAX_REMEMBERED: i32 = 1024;

/** What a provider's configuration says about a model. The last few are remembered: most requests have one of them. */
export class ModelLookup {
  private readonly names: Recent<Bytes | null> = new Recent<Bytes | null>(null);
  private readonly rows: Recent<ModelFeatures | null> = new Recent<ModelFeatures | null>(null);

  /** `table`: what the vendor's models accept; null if requests are not adapted. */
  constructor(
    private readonly mapping: ModelMapping,
    private readonly table: FeatureTable | null,
  ) {}

  /** The vendor's name for the client's `model`; null when the model stays. */
  nameOf(model: Bytes): Bytes | null {
    if (this.mapping.isEmpty) return null;
    if (this.names.holds(model)) return this.names.value;
    const name = this.mapping.mapBytes(model);
    return model.length > MAX_REMEMBERED ? name : this.names.keep(model, name);
  }

  /** What the vendor's `model` accepts; null if requests are not adapted. */
  featuresOf(model: Bytes): ModelFeatures | null {
    const table = this.table;
    if (table === null) return null;
    if (this.rows.holds(model)) return this.rows.value;
    const features = table.find(model);
    return model.length > MAX_REMEMBERED ? features : this.rows.keep(model, features);
  }
}
