/** The build's transform `lazy-constants`, which here also makes text constants with a mutant lazy. */
import { DecoratorFlags, ElementKind } from "assemblyscript";
import LazyConstants from "../../scripts/transforms/lazy-constants.mjs";

const TEXT_WITH_MUTANT = /^Bytes\.of\(\(mutant\(\d+\) \? "\\0" : "[^"]*"\)\)$/;

export default class LazyMutants extends LazyConstants {
  afterInitialize(program) {
    super.afterInitialize(program);
    for (const element of program.elementsByDeclaration.values()) {
      const value = element.kind === ElementKind.Global ? element.initializerNode : null;
      if (value && TEXT_WITH_MUTANT.test(value.range.toString())) {
        element.decoratorFlags |= DecoratorFlags.Lazy;
      }
    }
  }
}
