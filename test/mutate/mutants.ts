import ts from 'typescript6'
import { isLeftOut } from './left-out.ts'

/** One small fault that can be planted: the text from `start` to `end` of a file is replaced. */
export interface Mutant {
  /** Path from the root of the repository. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  readonly start: number
  readonly end: number
  readonly replacement: string
  /** The line of the source, trimmed: with `change` it tells the mutant from others, also when lines above it change. */
  readonly code: string
  /** `a < b → a <= b` */
  readonly change: string
}

interface Change {
  readonly node: ts.Node
  readonly replacement: string
}

const K = ts.SyntaxKind

/** What stands in place of an operator between two values. */
const OPERATORS: Readonly<Partial<Record<ts.SyntaxKind, readonly string[]>>> = {
  [K.EqualsEqualsEqualsToken]: ['!=='],
  [K.ExclamationEqualsEqualsToken]: ['==='],
  [K.LessThanToken]: ['<=', '>='],
  [K.LessThanEqualsToken]: ['<', '>'],
  [K.GreaterThanToken]: ['>=', '<='],
  [K.GreaterThanEqualsToken]: ['>', '<'],
  [K.AmpersandAmpersandToken]: ['||'],
  [K.BarBarToken]: ['&&'],
  [K.PlusToken]: ['-'],
  [K.MinusToken]: ['+'],
  [K.AsteriskToken]: ['/'],
  [K.SlashToken]: ['*'],
}

const EXCERPT_CHARACTERS_MAX = 80

/** Every fault that the operators make of one file, in the order of the source. Equivalents that a rule can tell are left out. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true)
  const lines = text.split('\n')
  const found: Mutant[] = []
  const visit = (node: ts.Node): void => {
    if (isLeftOut(node)) return
    for (const { node: replaced, replacement } of changesOf(node)) {
      const [start, end] = [replaced.getStart(), replaced.getEnd()]
      const original = text.slice(start, end)
      if (original === replacement) continue
      const { line } = source.getLineAndCharacterOfPosition(start)
      const code = (lines[line] ?? '').trim()
      const change = `${excerpt(original)} → ${excerpt(replacement)}`
      found.push({ file, line: line + 1, start, end, replacement, code, change })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  if (line === '') return '(nothing)'
  return line.length > EXCERPT_CHARACTERS_MAX ? `${line.slice(0, EXCERPT_CHARACTERS_MAX)}…` : line
}

/** The text of the file with the fault in it. */
export function plant(text: string, { start, end, replacement }: Mutant): string {
  return text.slice(0, start) + replacement + text.slice(end)
}

function changesOf(node: ts.Node): readonly Change[] {
  if (ts.isBinaryExpression(node)) return ofOperator(node)
  if (ts.isIfStatement(node) || ts.isWhileStatement(node)) return ofCondition(node.expression)
  if (ts.isConditionalExpression(node)) return ofCondition(node.condition)
  if (ts.isPrefixUnaryExpression(node) && node.operator === K.ExclamationToken)
    return [{ node, replacement: `(${node.operand.getText()})` }]
  if (ts.isExpressionStatement(node)) return ofStatement(node)
  if (ts.isReturnStatement(node) && node.expression === undefined) return [{ node, replacement: ';' }]
  if (ts.isThrowStatement(node)) return ofThrow(node)
  if (isOptionalAccess(node)) return ofOptionalAccess(node)
  return ofLiteral(node)
}

function ofOperator({ left, operatorToken, right }: ts.BinaryExpression): Change[] {
  // `text + 'x'` is no sum.
  const isText = [left, right].some((side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side))
  if (operatorToken.kind === K.QuestionQuestionToken)
    return [{ node: operatorToken.parent, replacement: left.getText() }]
  const operators = isText && operatorToken.kind === K.PlusToken ? [] : (OPERATORS[operatorToken.kind] ?? [])
  return operators.map((replacement) => ({ node: operatorToken, replacement }))
}

function ofCondition(condition: ts.Expression): Change[] {
  return ['true', 'false']
    .filter((replacement) => condition.getText() !== replacement)
    .map((replacement) => ({ node: condition, replacement }))
}

/** A call or an assignment that stands alone does not happen. */
function ofStatement(node: ts.ExpressionStatement): Change[] {
  const expression = ts.isAwaitExpression(node.expression) ? node.expression.expression : node.expression
  const isCall = ts.isCallExpression(expression) && expression.expression.kind !== K.SuperKeyword
  const isAssignment =
    ts.isBinaryExpression(expression) &&
    expression.operatorToken.kind >= K.FirstAssignment &&
    expression.operatorToken.kind <= K.LastAssignment
  return isCall || isAssignment || ts.isPostfixUnaryExpression(expression) ? [{ node, replacement: ';' }] : []
}

/** A refusal does not happen, where the code after it can do without: as the whole of an `if` without an `else`. */
function ofThrow(node: ts.ThrowStatement): Change[] {
  const block = ts.isBlock(node.parent) ? node.parent.parent : node.parent
  return ts.isIfStatement(block) && block.elseStatement === undefined ? [{ node, replacement: ';' }] : []
}

type OptionalAccess = (ts.PropertyAccessExpression | ts.ElementAccessExpression) & {
  readonly questionDotToken: ts.QuestionDotToken
}

function isOptionalAccess(node: ts.Node): node is OptionalAccess {
  return (
    (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) &&
    node.questionDotToken !== undefined
  )
}

function ofOptionalAccess(node: OptionalAccess): Change[] {
  return [{ node: node.questionDotToken, replacement: ts.isPropertyAccessExpression(node) ? '.' : '' }]
}

function ofLiteral(node: ts.Node): Change[] {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
    return [{ node, replacement: node.text === '' ? `'mutant'` : `''` }]
  if (ts.isTemplateExpression(node)) return [{ node, replacement: '``' }]
  if (ts.isNumericLiteral(node)) return [{ node, replacement: `(${node.getText()} + 1)` }]
  if (node.kind === K.TrueKeyword) return [{ node, replacement: 'false' }]
  if (node.kind === K.FalseKeyword) return [{ node, replacement: 'true' }]
  if (ts.isArrayLiteralExpression(node) && node.elements.length > 0) return [{ node, replacement: '[]' }]
  if (ts.isObjectLiteralExpression(node) && node.properties.length > 0) return [{ node, replacement: '{}' }]
  return []
}
