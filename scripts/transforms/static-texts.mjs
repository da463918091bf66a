/**
 * A transform for asc that makes texts in UTF-8, `Bytes.of("…")`, static objects, as the compiler makes strings and
 * lists of them. Their bytes stand in the module once, however many files have a text; loading it converts and
 * allocates nothing; and what no function uses is left out.
 *
 * The compiler initialises all constants of a file when the module is loaded, so that using one class of a file
 * would keep all texts of all files that it imports: those that ai-proxy needs for a client protocol would end
 * up in ai-cache, and vice versa. The compiler's decorator `@lazy` avoids this, but is not valid TypeScript,
 * which editors and formatters need. This transform adds it to each top-level constant that is a text or a list of
 * texts, whose initialiser has no side effects.
 *
 * The collector need not visit such a text, which refers to nothing on the heap: its constant is no root.
 */
import {
  CommonFlags,
  Compiler,
  DecoratorFlags,
  ElementKind,
  LiteralKind,
  NodeKind,
} from "assemblyscript";
import binaryen from "assemblyscript/binaryen";
import { Transform } from "assemblyscript/transform";

/** How the class is called inside the compiler. */
const BYTES = "assembly/proxy-wasm/bytes/Bytes";
/** The collector's function that visits the roots, and the one that visits an object. */
const VISIT_GLOBALS = "~lib/rt/__visit_globals";
const VISIT = "~lib/rt/tcms/__visit";
/** Capacity of the buffers in which the bytes of texts lie. What is not used takes no space in an optimised module. */
const CAPACITY = 8192;

/** The texts of a compilation; each is an object that stands for a range of a buffer. */
class StaticTexts {
  constructor(compiler) {
    this.compiler = compiler;
    this.program = compiler.program;
    const prototype = this.program.elementsByName.get(BYTES);
    this.bytes = compiler.resolver.resolveClass(prototype, null);
    /** Addresses of the objects, by text. */
    this.addresses = new Map();
    this.buffer = null;
  }

  /** The address of the object for a text. */
  addressOf(text) {
    if (!this.addresses.has(text)) this.addresses.set(text, this.create(Buffer.from(text)));
    return this.addresses.get(text);
  }

  create(content) {
    const object = this.bytes.createBuffer();
    const { address, start } = this.place(content);
    this.bytes.writeField("buffer", address, object);
    this.bytes.writeField("start", start, object);
    this.bytes.writeField("length", content.length, object);
    return this.add(object);
  }

  /** Places bytes in a buffer. */
  place(content) {
    if (this.buffer === null || this.buffer.used + content.length > this.buffer.capacity) {
      const capacity = Math.max(CAPACITY, content.length);
      const memory = this.program.arrayBufferInstance.createBuffer(capacity);
      this.buffer = { memory, address: this.add(memory), capacity, used: 0 };
    }
    const { memory, address, used } = this.buffer;
    memory.set(content, this.program.totalOverhead + used);
    this.buffer.used += content.length;
    return { address, start: used };
  }

  /** Adds an object to the static memory; returns its address. */
  add(object) {
    const { offset } = this.compiler.addRuntimeMemorySegment(object);
    return Number(offset) + this.program.totalOverhead;
  }
}

const isLiteral = (node, kind) => node?.kind === NodeKind.Literal && node.literalKind === kind;

/** Whether an expression is `Bytes.of("…")`. */
const isBytes = (node) =>
  node?.kind === NodeKind.Call &&
  node.expression.range.toString() === "Bytes.of" &&
  node.args.length === 1 &&
  isLiteral(node.args[0], LiteralKind.String);

const isText = (node) => isBytes(node) || isLiteral(node, LiteralKind.String);

/** Whether an expression is a text or a list of texts. */
const isStatic = (node) =>
  isText(node) || (isLiteral(node, LiteralKind.Array) && node.elementExpressions.every(isText));

const compileCall = Compiler.prototype.compileCallExpression;
const compilations = new WeakMap();

function compileText(node, ...rest) {
  if (!isBytes(node)) return compileCall.call(this, node, ...rest);
  if (!compilations.has(this)) compilations.set(this, new StaticTexts(this));
  const texts = compilations.get(this);
  this.currentType = texts.bytes.type;
  return this.module.i32(texts.addressOf(node.args[0].value));
}

/** The global that `if (local = global) visit(local)` visits; null for another expression. */
function rootOf(visit) {
  const { id, condition } = binaryen.getExpressionInfo(visit);
  if (id !== binaryen.IfId) return null;
  return binaryen.getExpressionInfo(binaryen.getExpressionInfo(condition).value).name;
}

export default class Texts extends Transform {
  /** Names of constants that are texts. */
  names = new Set();

  afterInitialize(program) {
    if (!program.elementsByName.has(BYTES)) return;
    for (const element of program.elementsByDeclaration.values()) {
      if (element.kind !== ElementKind.Global || !element.is(CommonFlags.Const)) continue;
      if (!isStatic(element.initializerNode)) continue;
      element.decoratorFlags |= DecoratorFlags.Lazy;
      if (isBytes(element.initializerNode)) this.names.add(element.internalName);
    }
    Compiler.prototype.compileCallExpression = compileText;
  }

  /** Leaves the texts out of what the collector visits. */
  afterCompile(module) {
    const visitor = module.getFunction(VISIT_GLOBALS);
    if (!visitor) return;
    const { body, params, results, vars } = binaryen.getFunctionInfo(visitor);
    const visits = [];
    for (const visit of binaryen.getExpressionInfo(body).children ?? []) {
      const name = rootOf(visit);
      if (name === null) visits.push(visit);
      else if (!this.names.has(name)) {
        const operands = [module.global.get(name, binaryen.i32), module.local.get(0, binaryen.i32)];
        visits.push(module.call(VISIT, operands, binaryen.none));
      }
    }
    module.removeFunction(VISIT_GLOBALS);
    module.addFunction(VISIT_GLOBALS, params, results, vars, module.block(null, visits));
  }
}
