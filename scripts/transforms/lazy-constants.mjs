/**
 * A transform for asc: texts that a module does not use are left out of it, as functions are, and a text that several
 * files have stands in it once.
 *
 * The compiler gives all constants of a file their values when the module is loaded, so that one class of a
 * file would bring all texts of all files that it imports along: of what ai-proxy needs for a client protocol
 * into ai-cache and the other way round. Its decorator `@lazy` says otherwise but is no TypeScript, which
 * editors and formatters need. This says it for each top-level `const NAME = Bytes.of("…")`, which has no
 * effect but its value. Lists are no such texts: the compiler cannot postpone what needs a local variable.
 *
 * Closed folders each name the words that they use. As values that never change they may be one object: each costs a
 * global, two objects in memory and some thirty bytes of code.
 */
import { DecoratorFlags, ElementKind, LiteralKind, NodeKind } from "assemblyscript";
import { Transform } from "assemblyscript/transform";

export default class LazyConstants extends Transform {
  afterInitialize(program) {
    /** The constant that stands for all of a text, and the others, each with it. */
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
