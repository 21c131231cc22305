import ts from 'typescript6'

/** Names of what writes words for people: a changed word is no fault that a test should hold. */
const MESSAGE_CLASS = /(?:Error|Failure|Fault|Refusal|Invalid\w*)$/
const LOG_CALL = /(?:^|\.|#)(?:log|logger|debug|trace)(?:\.\w+)?$/
/** Members that hold words for people, and what is asserted of the program itself. */
const WORDS_MEMBER = /^(?:doc|description|help|summary|hint)$/
const INVARIANT_CALL = /^assert(?:\.\w+)?$/

/** Whether faults in the node, or in what is below it, say nothing about the tests. docs/testing.md lists these rules for readers. */
export function isLeftOut(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    isPropertyName(node) ||
    isLogCall(node) ||
    isConstantName(node) ||
    isWords(node) ||
    isInvariant(node) ||
    isSizeOfOrder(node) ||
    isChosenAmount(node)
  )
}

/** The name in `{ 'a-b': 1 }`. */
const isPropertyName = (node: ts.Node): boolean =>
  ts.isPropertyName(node) && ts.isPropertyAssignment(node.parent) && node.parent.name === node

function isLogCall(node: ts.Node): boolean {
  const call = ts.isExpressionStatement(node) ? node.expression : node
  return ts.isCallExpression(call) && LOG_CALL.test(call.expression.getText())
}

/** `readonly name = 'MalformedRequest'`: what a trace shows. */
const isConstantName = (node: ts.Node): boolean =>
  ts.isPropertyDeclaration(node) && node.name.getText() === 'name'

/** A text with a blank in it, among the arguments of an error or of a call that is thrown, or in a member for words. */
function isWords(node: ts.Node): boolean {
  if (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node)) return false
  if (!/\s/.test(node.getText())) return false
  for (let above = node.parent; !ts.isStatement(above) && !ts.isSourceFile(above); above = above.parent)
    if (ts.isNewExpression(above) && MESSAGE_CLASS.test(above.expression.getText())) return true
    else if (ts.isPropertyAssignment(above) && WORDS_MEMBER.test(above.name.getText())) return true
    else if (ts.isThrowStatement(above.parent)) return true
  return false
}

/** `assert(a)`: fails only when the program itself is wrong, which no input makes it. */
function isInvariant(node: ts.Node): boolean {
  const call = ts.isExpressionStatement(node) ? node.expression : node
  return ts.isCallExpression(call) && INVARIANT_CALL.test(call.expression.getText())
}

/** The 1 of `a < b ? -1 : 1`: who sorts looks at the sign alone. */
function isSizeOfOrder(node: ts.Node): boolean {
  if (!ts.isNumericLiteral(node) || node.text !== '1') return false
  const number = ts.isPrefixUnaryExpression(node.parent) ? node.parent : node
  const choice = number.parent
  return (
    ts.isConditionalExpression(choice) &&
    choice.condition !== number &&
    [choice.whenTrue, choice.whenFalse].some((value) => value.getText() === '-1')
  )
}

/** A constant of a time or of an amount of bytes that is a choice, and no bound of something that is taken. */
const CHOSEN_AMOUNT = /(?<!_MAX|_MIN)_(?:MS|SECONDS|BYTES)$/

/** A number in `const RETRY_MS = 30_000`: a little more or less of it is seen by nobody. */
function isChosenAmount(node: ts.Node): boolean {
  if (!ts.isNumericLiteral(node)) return false
  let above: ts.Node = node.parent
  while (ts.isBinaryExpression(above)) above = above.parent
  return ts.isVariableDeclaration(above) && CHOSEN_AMOUNT.test(above.name.getText())
}
