/** The build's transform `static-texts`, which here also leaves out unused texts with a mutant. */
import { DecoratorFlags, ElementKind } from "assemblyscript";
import StaticTexts from "../../scripts/transforms/static-texts.mjs";

const TEXT_WITH_MUTANT = /^Bytes\.of\(\(mutant\(\d+\) \? "\\0" : "[^"]*"\)\)$/;

export default class LazyMutants extends StaticTexts {
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
