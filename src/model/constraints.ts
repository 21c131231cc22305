import type { ListShape, NumberShape, Shape, StringShape, StructureShape, ValueOf } from './shape.ts'

/** One way in which a value breaks its description. */
export interface ConstraintViolation {
  /** Where: `cors.rules[0].allowedMethods[1]`. */
  readonly path: string
  /** What the member must satisfy, in the words of AWS's own validation. */
  readonly constraint: string
  /** The value, cut short; null when it is absent or sensitive. */
  readonly value: string | null
}

/** More are not looked for: the message stays short, and the work bounded. */
const VIOLATIONS_MAX = 10
const SHOWN_CHARACTERS_MAX = 100

/** Whether the value has everything that its shape requires: `violations` then is empty. */
export type ConstraintCheck<S extends Shape> =
  | { readonly isValid: true; readonly value: ValueOf<S> }
  | { readonly isValid: false; readonly violations: readonly ConstraintViolation[] }

/**
 * Checks a value, whose members already have the right types, against all that its shape demands: required members, lengths, patterns,
 * the allowed values, ranges. Clients check a part of this themselves; a server relies on nobody.
 */
export function checkConstraints<S extends StructureShape>(
  shape: S,
  value: Partial<ValueOf<S>>,
): ConstraintCheck<S> {
  const violations: ConstraintViolation[] = []
  checkStructure(shape, value, '', violations)
  // Without a violation no required member is missing.
  return violations.length === 0
    ? { isValid: true, value: value as ValueOf<S> }
    : { isValid: false, violations }
}

/** The violations as one message. */
export function describeViolations(violations: readonly ConstraintViolation[]): string {
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`
  const each = violations.map(
    ({ path, constraint, value }) =>
      `Value ${value === null ? 'null' : `'${value}'`} at '${path}' failed to satisfy constraint: ${constraint}`,
  )
  return `${count}: ${each.join('; ')}`
}

function checkValue(shape: Shape, value: unknown, path: string, violations: ConstraintViolation[]): void {
  if (violations.length >= VIOLATIONS_MAX) return
  switch (shape.type) {
    case 'string':
      checkString(shape, String(value), path, violations)
      break
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      checkNumber(shape, Number(value), path, violations)
      break
    case 'list':
      checkList(shape, value as readonly unknown[], path, violations)
      break
    case 'structure':
      checkStructure(shape, value as Readonly<Record<string, unknown>>, path, violations)
      break
    case 'boolean':
    case 'timestamp':
    case 'map':
    case 'stream':
      break
  }
}

function checkStructure(
  shape: StructureShape,
  value: Readonly<Record<string, unknown>>,
  path: string,
  violations: ConstraintViolation[],
): void {
  for (const [name, member] of Object.entries(shape.members)) {
    const memberPath = path === '' ? name : `${path}.${name}`
    if (value[name] !== undefined) checkValue(member.shape, value[name], memberPath, violations)
    else if (member.isRequired && violations.length < VIOLATIONS_MAX) {
      violations.push({ path: memberPath, constraint: 'Member must not be null', value: null })
    }
  }
}

function checkList(
  shape: ListShape,
  value: readonly unknown[],
  path: string,
  violations: ConstraintViolation[],
): void {
  if (shape.lengthMax !== undefined && value.length > shape.lengthMax) {
    const constraint = `Member must have length less than or equal to ${shape.lengthMax}`
    violations.push({ path, constraint, value: `list of ${value.length}` })
    return
  }
  value.forEach((item, index) => checkValue(shape.member, item, `${path}[${index}]`, violations))
}

function checkNumber(
  shape: NumberShape,
  value: number,
  path: string,
  violations: ConstraintViolation[],
): void {
  const constraint =
    shape.min !== undefined && value < shape.min
      ? `Member must have value greater than or equal to ${shape.min}`
      : shape.max !== undefined && value > shape.max
        ? `Member must have value less than or equal to ${shape.max}`
        : null
  if (constraint !== null) violations.push({ path, constraint, value: String(value) })
}

function checkString(
  shape: StringShape,
  value: string,
  path: string,
  violations: ConstraintViolation[],
): void {
  const constraint = stringConstraint(shape, value)
  if (constraint === null) return
  const shown = shape.isSensitive === true ? null : value.slice(0, SHOWN_CHARACTERS_MAX)
  violations.push({ path, constraint, value: shown })
}

/** The first thing that the text breaks. Lengths come first, so that no pattern runs over a text longer than allowed. */
function stringConstraint(shape: StringShape, value: string): string | null {
  const { lengthMin, lengthMax, pattern, values } = shape
  if (values) {
    return values.includes(value) ? null : `Member must satisfy enum value set: [${values.join(', ')}]`
  }
  // Counted in code points only where it can matter: they are never more than the code units.
  if (lengthMax !== undefined && value.length > lengthMax && countCodePoints(value) > lengthMax) {
    return `Member must have length less than or equal to ${lengthMax}`
  }
  if (lengthMin !== undefined && countCodePoints(value) < lengthMin) {
    return `Member must have length greater than or equal to ${lengthMin}`
  }
  if (pattern && !pattern.test(value)) {
    return `Member must satisfy regular expression pattern: ${pattern.source}`
  }
  return null
}

/** Code units less the second halves of surrogate pairs. */
function countCodePoints(text: string): number {
  let count = text.length
  for (let at = 1; at < text.length; at++) {
    const isPair = (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800
    if (isPair) count--
  }
  return count
}
