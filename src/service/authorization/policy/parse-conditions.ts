import { CONDITION_KEYS } from './condition-keys.ts'
import { CONDITION_OPERATORS } from './condition-operators.ts'
import type { Condition } from './policy.ts'

/** Makes the error that a bad condition is refused with. */
type Refuse = (message: string, cause?: unknown) => Error

/** Reads a statement's Condition block; `undefined` when it has none. */
export function parseConditions(block: unknown, refuse: Refuse): Condition[] {
  if (block === undefined) return []
  return membersOf(block, 'Condition', refuse).flatMap(([operator, keys]) =>
    membersOf(keys, operator, refuse).map(([key, values]) => parseCondition(operator, key, values, refuse)),
  )
}

function parseCondition(operatorText: string, keyText: string, values: unknown, refuse: Refuse): Condition {
  const { quantifier, rest } = splitQuantifier(operatorText)
  const holdsWhenAbsent = rest.endsWith('IfExists')
  const name = holdsWhenAbsent ? rest.slice(0, -'IfExists'.length) : rest
  const operator = CONDITION_OPERATORS.get(name)
  if (!operator || (name === 'Null' && operatorText !== name)) {
    throw refuse(`Invalid Condition type : ${operatorText}`)
  }
  const key = splitKey(keyText, refuse)
  const texts = textsOf(values, keyText, refuse)
  for (const text of texts)
    if (text.includes('${')) throw refuse(`Policy variables are not supported: ${text}`)
  const described = { name, isNegation: operator.isNegation }
  try {
    const accepts = operator.compare(texts)
    return { operator: described, holdsWhenAbsent, quantifier, ...key, values: texts, accepts }
  } catch (error) {
    if (error instanceof RangeError)
      throw refuse(`Invalid value for ${operatorText} ${keyText}: ${error.message}`, error)
    throw error
  }
}

function splitQuantifier(operator: string): { quantifier: Condition['quantifier']; rest: string } {
  if (operator.startsWith('ForAllValues:')) return { quantifier: 'all', rest: operator.slice(13) }
  if (operator.startsWith('ForAnyValue:')) return { quantifier: 'any', rest: operator.slice(12) }
  return { quantifier: 'none', rest: operator }
}

/** Condition keys are case-insensitive; the tag key behind a slash is not. */
function splitKey(text: string, refuse: Refuse): { key: string; tagKey: string | null } {
  const slashAt = text.indexOf('/')
  const key = (slashAt < 0 ? text : text.slice(0, slashAt)).toLowerCase()
  const tagKey = slashAt < 0 ? null : text.slice(slashAt + 1)
  const known = CONDITION_KEYS.get(key)
  if (!known || (known.namesTag ?? false) !== (tagKey !== null && tagKey !== '')) {
    throw refuse(`Policy has an invalid condition key: ${text}`)
  }
  return { key, tagKey }
}

function membersOf(value: unknown, where: string, refuse: Refuse): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse(`${where} must be an object`)
  return Object.entries(value)
}

/** JSON booleans and numbers stand for their text, as in IAM. */
function textsOf(value: unknown, where: string, refuse: Refuse): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value]
  if (list.length === 0) throw refuse(`${where} needs a value`)
  return list.map((item) => {
    if (typeof item === 'string') return item
    if (typeof item === 'boolean' || typeof item === 'number') return String(item)
    throw refuse(`${where} must be a string or a list of strings`)
  })
}
