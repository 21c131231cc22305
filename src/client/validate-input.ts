import type { Shape, StructureShape } from '../model/shape.ts'
import { ParameterValidationError } from './errors.ts'
import { displayText, typeName } from './python-text.ts'
import { isWritable, parseTimestamp } from './timestamp.ts'
import { Float, isInteger, isList, isRecord } from './values.ts'
import type { WireRecord, WireValue } from './values.ts'

/**
 * Checks the parameters of a call before it is sent: required and unknown members, types, and lower bounds. Upper bounds, patterns and
 * enumerations are left to the service, as AWS's own clients leave them, so that a service may widen them.
 * @throws ParameterValidationError that names every problem, in the order of the parameters.
 */
export function validateInput(parameters: WireRecord, shape: StructureShape): void {
  const problems: string[] = []
  checkStructure(parameters, shape, '', problems)
  if (problems.length > 0) throw new ParameterValidationError(problems)
}

/** What each kind of shape takes, in the words of the error. */
const VALID_TYPES: Readonly<Record<Shape['type'], string>> = {
  string: "<class 'str'>",
  integer: "<class 'int'>",
  long: "<class 'int'>",
  float: "<class 'float'>, <class 'decimal.Decimal'>, <class 'int'>",
  double: "<class 'float'>, <class 'decimal.Decimal'>, <class 'int'>",
  boolean: "<class 'bool'>",
  timestamp: "<class 'datetime.datetime'>, timestamp-string",
  list: "<class 'list'>, <class 'tuple'>",
  map: "<class 'dict'>",
  structure: "<class 'dict'>",
  stream: "<class 'bytes'>",
}

function check(value: WireValue, shape: Shape, name: string, problems: string[]): void {
  const wrongType = (): void => {
    problems.push(
      `Invalid type for parameter ${label(name)}, value: ${displayText(value)}, type: ${typeName(value)}, valid types: ${VALID_TYPES[shape.type]}`,
    )
  }
  switch (shape.type) {
    case 'structure':
      if (isRecord(value)) checkStructure(value, shape, name, problems)
      else wrongType()
      return
    case 'list':
      if (!isList(value)) wrongType()
      else value.forEach((element, index) => check(element, shape.member, `${name}[${index}]`, problems))
      return
    case 'string':
      if (typeof value !== 'string') wrongType()
      else if (shape.lengthMin !== undefined) {
        const length = Array.from(value).length
        if (length < shape.lengthMin)
          problems.push(
            `Invalid length for parameter ${label(name)}, value: ${length}, valid min length: ${shape.lengthMin}`,
          )
      }
      return
    case 'integer':
    case 'long':
    case 'float':
    case 'double': {
      // A boolean counts as an integer, as it does in the reference.
      const number = numberOf(value)
      if (
        number === undefined ||
        (value instanceof Float && (shape.type === 'integer' || shape.type === 'long'))
      )
        wrongType()
      else if (shape.min !== undefined && number < shape.min)
        problems.push(
          `Invalid value for parameter ${label(name)}, value: ${displayText(value)}, valid min value: ${shape.min}`,
        )
      return
    }
    case 'boolean':
      if (typeof value !== 'boolean') wrongType()
      return
    case 'timestamp':
      if (!isTime(value)) wrongType()
      return
    case 'map':
      if (!isRecord(value)) wrongType()
      return
    case 'stream':
      wrongType()
  }
}

function checkStructure(value: WireRecord, shape: StructureShape, name: string, problems: string[]): void {
  for (const [member, { isRequired }] of Object.entries(shape.members))
    if (isRequired && !value.has(member))
      problems.push(`Missing required parameter in ${label(name)}: "${member}"`)
  for (const member of value.keys())
    if (!Object.hasOwn(shape.members, member))
      problems.push(
        `Unknown parameter in ${label(name)}: "${member}", must be one of: ${Object.keys(shape.members).join(', ')}`,
      )
  for (const [member, memberValue] of value) {
    const known = Object.hasOwn(shape.members, member) ? shape.members[member] : undefined
    if (known !== undefined) check(memberValue, known.shape, `${name}.${member}`, problems)
  }
}

const label = (name: string): string => (name === '' ? 'input' : name.replace(/^\./, ''))

function numberOf(value: WireValue): number | bigint | undefined {
  if (typeof value === 'boolean') return Number(value)
  if (value instanceof Float) return value.value
  return isInteger(value) ? value : undefined
}

function isTime(value: WireValue): boolean {
  const timestamp = parseTimestamp(value)
  return timestamp !== undefined && isWritable(timestamp)
}
