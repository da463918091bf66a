/**
 * A transform for asc that keeps the descriptions of configuration keys out of the modules.
 *
 * Each key is declared once, as `<ConfigKey>{ name: …, meaning: … }`. This removes the members that only the
 * documentation needs.
 */
import { NodeKind } from "assemblyscript";
import { Transform } from "assemblyscript/transform";

const WORDS = ["meaning", "defaultNote", "since"];

export default class KeyWords extends Transform {
  afterParse(parser) {
    for (const source of parser.sources) {
      for (const statement of source.statements) {
        for (const { initializer } of statement.declarations ?? []) strip(initializer);
      }
    }
  }
}

/** Strips all key declarations in an expression. */
function strip(node) {
  switch (node?.kind) {
    case NodeKind.Assertion:
      if (node.toType?.name?.identifier.text === "ConfigKey") stripCells(node.expression);
      strip(node.expression);
      break;
    case NodeKind.Literal:
      node.elementExpressions?.forEach(strip);
      node.values?.forEach(strip);
      break;
    case NodeKind.Call:
      strip(node.expression);
      node.args.forEach(strip);
      break;
    case NodeKind.PropertyAccess:
      strip(node.expression);
      break;
  }
}

function stripCells(literal) {
  for (let i = literal.names.length - 1; i >= 0; i--) {
    if (!WORDS.includes(literal.names[i].text)) continue;
    literal.names.splice(i, 1);
    literal.values.splice(i, 1);
  }
}
