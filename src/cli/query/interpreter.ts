import { isList, isRecord } from '../../client/values.ts'
import type { WireRecord, WireValue } from '../../client/values.ts'
import { Applicable, isEqual, isNumber, order } from './argument.ts'
import { callFunction } from './functions.ts'
import type { Comparator, Node } from './parser.ts'
import { QueryError } from './query-error.ts'

/** What an expression gives for a value. @throws QueryError */
export function evaluate(node: Node, value: WireValue): WireValue {
  switch (node.type) {
    case 'identity':
    case 'current':
      return value
    case 'field':
      return isRecord(value) ? (value.get(node.name) ?? null) : null
    case 'literal':
      return node.value
    case 'index':
      return isList(value) ? (value.at(node.index) ?? null) : null
    case 'slice':
      return isList(value) ? slice(value, node) : null
    case 'chain':
      return evaluate(node.right, evaluate(node.left, value))
    case 'or': {
      const left = evaluate(node.left, value)
      return isTruthy(left) ? left : evaluate(node.right, value)
    }
    case 'and': {
      const left = evaluate(node.left, value)
      return isTruthy(left) ? evaluate(node.right, value) : left
    }
    case 'not':
      return !isTruthy(evaluate(node.of, value))
    case 'projection': {
      const list = evaluate(node.left, value)
      return isList(list) ? project(list, node.right) : null
    }
    case 'valueProjection': {
      const record = evaluate(node.left, value)
      return isRecord(record) ? project([...record.values()], node.right) : null
    }
    case 'filter': {
      const list = evaluate(node.left, value)
      if (!isList(list)) return null
      return project(
        list.filter((element) => isTruthy(evaluate(node.condition, element))),
        node.right,
      )
    }
    case 'flatten': {
      const list = evaluate(node.of, value)
      return isList(list) ? list.flatMap((element) => (isList(element) ? element : [element])) : null
    }
    case 'comparison':
      return compare(node.comparator, evaluate(node.left, value), evaluate(node.right, value))
    case 'list':
      return value === null ? null : node.elements.map((element) => evaluate(element, value))
    case 'hash': {
      if (value === null) return null
      const record: WireRecord = new Map()
      for (const { name, node: member } of node.members) record.set(name, evaluate(member, value))
      return record
    }
    case 'call':
      return callFunction(
        node.name,
        node.args.map((arg) =>
          arg.type === 'expression'
            ? new Applicable((element) => evaluate(arg.of, element))
            : evaluate(arg, value),
        ),
      )
    case 'expression':
      throw new QueryError('an expression after & can only be given to a function')
  }
}

const project = (list: readonly WireValue[], node: Node): WireValue[] =>
  list.map((element) => evaluate(node, element)).filter((element) => element !== null)

/** All is true but null, false and what is empty; numbers always are. */
const isTruthy = (value: WireValue): boolean =>
  !(
    value === null ||
    value === false ||
    value === '' ||
    (isList(value) && value.length === 0) ||
    (isRecord(value) && value.size === 0)
  )

interface SliceRange {
  readonly start?: number | undefined
  readonly stop?: number | undefined
  readonly step?: number | undefined
}

function slice(list: readonly WireValue[], { start, stop, step = 1 }: SliceRange): WireValue[] {
  if (step === 0) throw new QueryError('slice step cannot be zero')
  const { length } = list
  const clamp = (index: number, low: number, high: number): number =>
    Math.min(Math.max(index < 0 ? index + length : index, low), high)
  const isForward = step > 0
  const first =
    start === undefined
      ? isForward
        ? 0
        : length - 1
      : clamp(start, isForward ? 0 : -1, isForward ? length : length - 1)
  const end =
    stop === undefined
      ? isForward
        ? length
        : -1
      : clamp(stop, isForward ? 0 : -1, isForward ? length : length - 1)
  const result: WireValue[] = []
  for (let index = first; isForward ? index < end : index > end; index += step)
    result.push(list[index] ?? null)
  return result
}

const SYMBOLS = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const

function compare(comparator: Comparator, left: WireValue, right: WireValue): WireValue {
  if (comparator === 'eq') return isSame(left, right)
  if (comparator === 'ne') return !isSame(left, right)
  const isOrderable = (value: WireValue): boolean => isNumber(value) || typeof value === 'string'
  if (!isOrderable(left) || !isOrderable(right)) return null
  const sign = order(left, right, SYMBOLS[comparator])
  if (comparator === 'lt') return sign < 0
  if (comparator === 'lte') return sign <= 0
  return comparator === 'gt' ? sign > 0 : sign >= 0
}

/** What `==` tells: as {@link isEqual}, but the numbers 0 and 1 themselves are no truth values. */
function isSame(a: WireValue, b: WireValue): boolean {
  return typeof a === 'boolean' || typeof b === 'boolean' ? a === b : isEqual(a, b)
}
