/**
 * A transform for asc that leaves unused text constants out of a module, as the compiler does with functions, and
 * merges equal ones of several files.
 *
 * The compiler initialises all constants of a file when the module is loaded, so that using one class of a file
 * would keep all texts of all files that it imports: those that ai-proxy needs for a client protocol would end
 * up in ai-cache, and vice versa. The compiler's decorator `@lazy` avoids this, but is not valid TypeScript,
 * which editors and formatters need. This transform adds it to each top-level `const NAME = Bytes.of("…")`,
 * whose initialiser has no side effects. Lists are not included: the compiler cannot make a constant lazy whose
 * initialiser needs a local variable.
 *
 * Each closed folder names the words that it uses. Being immutable, equal ones can share an object, which saves a
 * global, two objects in memory and some thirty bytes of code each.
 */
import { DecoratorFlags, ElementKind, LiteralKind, NodeKind } from "assemblyscript";
import { Transform } from "assemblyscript/transform";

export default class LazyConstants extends Transform {
  afterInitialize(program) {
    /** The first constant with each text, and the others, each mapped to the first. */
    const firsts = new Map();
    const others = new Map();
    for (const element of program.elementsByDeclaration.values()) {
      if (element.kind !== ElementKind.Global || !isText(element.initializerNode)) continue;
      element.decoratorFlags |= DecoratorFlags.Lazy;
      const text = element.initializerNode.args[0].value;
      if (firsts.has(text)) others.set(element, firsts.get(text));
      else firsts.set(text, element);
    }
    const scopes = new Set([...program.filesByName.values(), ...program.elementsByName.values()]);
    for (const { members, exports } of scopes) {
      for (const names of [members, exports]) {
        for (const [name, element] of names ?? []) {
          if (others.has(element)) names.set(name, others.get(element));
        }
      }
    }
  }
}

/** Whether an expression is `Bytes.of("…")`. */
function isText(node) {
  return (
    node?.kind === NodeKind.Call &&
    node.expression.range.toString() === "Bytes.of" &&
    node.args.length === 1 &&
    node.args[0].kind === NodeKind.Literal &&
    node.args[0].literalKind === LiteralKind.String
  );
}
