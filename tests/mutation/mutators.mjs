/**
 * Mutants of AssemblyScript sources, all in one text: each is guarded by `mutant(n)`, which the host answers when
 * the module starts. So one build contains all of them.
 */
import ts from "typescript";

const COMPARISONS = { "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==" };
const BOUNDARY = new Set(["<", "<=", ">", ">="]);

/** Statements whose removal no client would see, such as logging, or would make a loop endless. */
const QUIET = /^log\w+\(|\.next\(/;

/**
 * @param {string} file path as in `import`s, for names of mutants
 * @param {string} text
 * @returns {{ at: number, end: number, line: number, name: string, with: (m: string, inner: string) => string }[]}
 */
export function findMutants(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const short = (node) => node.getText(source).replaceAll(/\s+/g, " ").slice(0, 100);
  const add = (node, what, change) =>
    found.push({
      at: node.getStart(source),
      end: node.end,
      line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
      name: `${what}: ${short(node)}`,
      with: change,
    });
  const narrows = (node) => /[!=]==|\binstanceof\b/.test(node.getText(source));

  // The compiler narrows types after null checks, which must keep working.
  const visitCondition = (node) => {
    const text = node.getText(source);
    const isBare = ts.isBinaryExpression(node) && !narrows(node) && COMPARISONS[operatorOf(node)];
    if (!/!== null|instanceof/.test(text)) add(node, "always", (m, inner) => `(${inner}) || ${m}`);
    // For a bare equality test this would equal the mutant with the opposite operator.
    if (!/[^!]== null|=== null/.test(text) && !(isBare && /^[!=]=$/.test(operatorOf(node))))
      add(node, "never", (m, inner) => `(${inner}) && !${m}`);
  };
  const operatorOf = (node) => node.operatorToken.getText(source);

  const visit = (node, scope) => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isEnumDeclaration(node)) return;
    if (ts.isParameter(node) || ts.isDecorator(node)) return;
    if (ts.isIfStatement(node)) visitCondition(node.expression);
    if (ts.isConditionalExpression(node) && !narrows(node.condition))
      visitCondition(node.condition);
    if (ts.isBinaryExpression(node)) {
      const operator = operatorOf(node);
      const [left, right] = [node.left, node.right].map((side) => side.getText(source));
      // Sizes are never below 0, so that this boundary cannot be observed.
      const isSize = BOUNDARY.has(operator) && right === "0" && /length|size|count/i.test(left);
      if (COMPARISONS[operator] && !/\bnull\b/.test(right) && !isSize) {
        const other = COMPARISONS[operator];
        const isLoop = ts.isForStatement(node.parent) || ts.isWhileStatement(node.parent);
        if (!isLoop || !BOUNDARY.has(operator))
          add(node, other, (m, inner) => `(${m} ? (${left}) ${other} (${right}) : (${inner}))`);
      }
      if ((operator === "&&" || operator === "||") && !narrows(node)) {
        const other = operator === "&&" ? "||" : "&&";
        add(node, other, (m, inner) => `(${m} ? (${left}) ${other} (${right}) : (${inner}))`);
      }
    }
    if (ts.isExpressionStatement(node) && scope === "function" && !QUIET.test(short(node)))
      add(node, "without", (m, inner) => `{ if (!${m}) { ${inner} } }`);
    if (ts.isReturnStatement(node) && node.expression && scope === "function") {
      const { kind } = node.expression;
      const isBoolean = kind === ts.SyntaxKind.TrueKeyword || kind === ts.SyntaxKind.FalseKeyword;
      if (isBoolean || returnsBool(node))
        add(node.expression, "not", (m, inner) => `(${m} ? !(${inner}) : (${inner}))`);
    }
    if (ts.isStringLiteral(node) && isValue(node) && !node.text.includes(" "))
      add(node, "other text", (m, inner) => `(${m} ? "\\0" : ${inner})`);
    if (
      ts.isNumericLiteral(node) &&
      isValue(node) &&
      !isRoom(node) &&
      Number(node.text.replaceAll("_", "")) > 1
    )
      add(node, "other number", (m, inner) => `(${m} ? ${inner} + 1 : ${inner})`);
    if (ts.isIdentifier(node) && ts.isArrayLiteralExpression(node.parent) && scope === "file")
      add(node, "other element", (m, inner) => `(${m} ? Bytes.of("\\0") : ${inner})`);
    if (ts.isConstructorDeclaration(node)) scope = "constructor";
    else if (ts.isFunctionLike(node)) scope = "function";
    ts.forEachChild(node, (child) => visit(child, scope));
  };

  /** Whether the function around a `return` is declared `: bool`. */
  const returnsBool = (node) => {
    while (node && !ts.isFunctionLike(node)) node = node.parent;
    return node?.type?.getText(source) === "bool";
  };
  /** Whether a literal is used as a value, not as a member of an `enum`, a name or a default. */
  const isValue = (node) => {
    const { parent } = node;
    if (
      ts.isCallExpression(parent) ||
      ts.isNewExpression(parent) ||
      ts.isArrayLiteralExpression(parent)
    )
      return true;
    if (ts.isVariableDeclaration(parent) || ts.isReturnStatement(parent)) return true;
    return ts.isBinaryExpression(parent);
  };
  /** Whether a number is part of the initial capacity of a writer or document, which does not change the result. */
  const isRoom = ({ parent }) => {
    const isMin = (node) => ts.isCallExpression(node) && node.expression.getText(source) === "min";
    while (ts.isBinaryExpression(parent) || isMin(parent)) parent = parent.parent;
    return (
      ts.isNewExpression(parent) &&
      /^(ByteWriter|JsonDocument)$/.test(parent.expression.getText(source))
    );
  };
  visit(source, "file");
  const seen = new Map();
  for (const mutant of found) {
    const times = (seen.get(mutant.name) ?? 0) + 1;
    seen.set(mutant.name, times);
    mutant.key = `${file}: ${mutant.name}${times > 1 ? ` (${times})` : ""}`;
  }
  return found;
}

/** The text with all mutants, each guarded by its `mutant.number`. Lines keep their numbers. */
export function withMutants(text, mutants, importPath) {
  const ordered = [...mutants].sort((a, b) => a.at - b.at || b.end - a.end);
  const write = (from, to, list) => {
    let out = "";
    let at = from;
    while (list.length > 0) {
      const [first] = list;
      // Mutants within the first one, and others at the same place, are nested inside it.
      const inner = [];
      list.shift();
      while (list.length > 0 && list[0].at < first.end) inner.push(list.shift());
      out += text.slice(at, first.at);
      out += first.with(`mutant(${first.number})`, write(first.at, first.end, inner));
      at = first.end;
    }
    return out + text.slice(at, to);
  };
  return `import { mutant } from "${importPath}"; ${write(0, text.length, ordered)}`;
}
