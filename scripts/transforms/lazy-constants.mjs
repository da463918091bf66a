/**
 * A transform for asc: texts that a module does not use are left out of it, as functions are.
 *
 * The compiler gives all constants of a file their values when the module is loaded, so that one class of a
 * file would bring all texts of all files that it imports along: of what ai-proxy needs for a client protocol
 * into ai-cache and the other way round. Its decorator `@lazy` says otherwise but is no TypeScript, which
 * editors and formatters need. This says it for each top-level `const NAME = Bytes.of("…")`, which has no
 * effect but its value. Lists are no such texts: the compiler cannot postpone what needs a local variable.
 */
import { DecoratorFlags, ElementKind, LiteralKind, NodeKind } from "assemblyscript";
import { Transform } from "assemblyscript/transform";

export default class LazyConstants extends Transform {
  afterInitialize(program) {
    for (const element of program.elementsByDeclaration.values()) {
      if (element.kind === ElementKind.Global && isText(element.initializerNode)) {
        element.decoratorFlags |= DecoratorFlags.Lazy;
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
