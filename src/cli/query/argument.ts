import { Float, isInteger, isList, isRecord } from '../../client/values.ts'
import type { WireValue } from '../../client/values.ts'
import { compareCodePoints } from '../output/order.ts'
import { QueryError } from './query-error.ts'

/** What an argument of a function is: a value, or an expression that the function applies itself. */
export type Argument = WireValue | Applicable

/** An expression given to a function, as `&name` in `sort_by(list, &name)`. */
export class Applicable {
  readonly apply: (value: WireValue) => WireValue

  constructor(apply: (value: WireValue) => WireValue) {
    this.apply = apply
  }
}

/** Whether a value counts as a number in JMESPath: integers of any size, and floats. */
export const isNumber = (value: Argument): value is number | bigint | Float =>
  value instanceof Float || (!(value instanceof Applicable) && isInteger(value))

/** A number's value; exact for integers. */
export const numberOf = (value: number | bigint | Float): number | bigint =>
  value instanceof Float ? value.value : value

/** Orders two numbers or two texts. @throws QueryError, which names the operator, when they are of different kinds. */
export function order(a: WireValue, b: WireValue, operator = '<'): number {
  if (typeof a === 'string' && typeof b === 'string') return compareCodePoints(a, b)
  if (isNumber(a) && isNumber(b)) {
    const left = numberOf(a)
    const right = numberOf(b)
    return left < right ? -1 : left > right ? 1 : 0
  }
  throw new QueryError(`'${operator}' not supported between instances of '${kind(a)}' and '${kind(b)}'`)
}

const kind = (value: WireValue): string =>
  typeof value === 'string' ? 'str' : value instanceof Float ? 'float' : 'int'

/**
 * Whether two values are equal in Python, which the reference is written in: integers and floats of one value are, and so are `true` and 1,
 * `false` and 0, wherever they stand in lists and objects.
 */
export function isEqual(a: WireValue, b: WireValue): boolean {
  if (typeof a === 'boolean') return isEqual(Number(a), b)
  if (typeof b === 'boolean') return isEqual(a, Number(b))
  if (isNumber(a) && isNumber(b)) return numberOf(a) == numberOf(b)
  if (isList(a) && isList(b))
    return a.length === b.length && a.every((element, index) => isEqual(element, b[index] ?? null))
  if (isRecord(a) && isRecord(b))
    return (
      a.size === b.size &&
      [...a].every(([name, member]) => b.has(name) && isEqual(member, b.get(name) ?? null))
    )
  return a === b
}
