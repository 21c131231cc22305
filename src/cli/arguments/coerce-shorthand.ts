import { displayText } from '../../client/python-text.ts'
import { Float, isList, isRecord } from '../../client/values.ts'
import type { WireValue } from '../../client/values.ts'
import type { Shape } from '../../model/shape.ts'
import { parseInteger } from './numbers.ts'

/** A shorthand value that cannot be of its member's type. The reference does not name the option here. */
class CoercionError extends Error {}

/**
 * Gives shorthand values, which are all text, the types of the model. A lone value where a list belongs becomes a list of one. What
 * does not fit at all stays as it is; checking the parameters then names it.
 */
export function coerceShorthand(value: WireValue, shape: Shape): WireValue {
  switch (shape.type) {
    case 'structure':
      if (!isRecord(value)) return value
      return new Map(
        [...value].map(([name, member]) => {
          const known = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined
          return [name, known === undefined ? member : coerceMember(member, known.shape)]
        }),
      )
    case 'list':
      return isList(value) ? value.map((element) => coerceShorthand(element, shape.member)) : value
    case 'integer':
    case 'long': {
      const integer = typeof value === 'string' ? parseInteger(value) : undefined
      if (integer === undefined)
        throw new CoercionError(`invalid literal for int() with base 10: '${displayText(value)}'`)
      return integer
    }
    case 'float':
    case 'double':
      return typeof value === 'string' ? new Float(parseFloat(value)) : value
    case 'boolean': {
      const word = typeof value === 'string' ? value.toLowerCase() : ''
      return word === 'true' ? true : word === 'false' ? false : value
    }
    default:
      return value
  }
}

function coerceMember(value: WireValue, shape: Shape): WireValue {
  return shape.type === 'list' && !isList(value) ? [value] : coerceShorthand(value, shape)
}
