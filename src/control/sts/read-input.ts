import { checkConstraints, describeViolations } from '../../model/constraints.ts'
import type { InputOf, Operation } from '../../model/operation.ts'
import { StsFailure } from './sts-failure.ts'

/** Parameters that would bind a session, or say who has it, and that nothing here looks at: to pass them over would give more than was asked for. */
const NOT_OFFERED =
  /^(?:PolicyArns|Tags|TransitiveTagKeys|ProvidedContexts)(?:\.|$)|^(?:SourceIdentity|SerialNumber|TokenCode|ProviderId)$/

/**
 * Reads the input of an operation from the parameters of a call. As in Amazon's query APIs others are passed over, but for those that would bind the
 * session. Throws `ValidationError`.
 */
export function readInput<P extends Operation>(
  { input }: P,
  parameters: ReadonlyMap<string, string>,
): InputOf<P> {
  // SDKs write a list without members as an empty parameter.
  for (const [name, text] of parameters)
    if (NOT_OFFERED.test(name) && text !== '')
      throw invalid(`The parameter ${name.slice(0, 64)} is not offered here`)
  const values: Record<string, string | number> = {}
  for (const [name, { shape }] of Object.entries(input.members)) {
    const text = parameters.get(name)
    if (text === undefined) continue
    values[name] = shape.type === 'integer' ? readInteger(name, text) : text
  }
  const checked = checkConstraints(input, values as Partial<InputOf<P>>)
  if (checked.isValid) return checked.value as InputOf<P>
  throw invalid(
    describeViolations(
      checked.violations.map(({ path, ...found }) => ({ ...found, path: toLowerFirst(path) })),
    ),
  )
}

function readInteger(name: string, text: string): number {
  if (/^-?\d{1,9}$/.test(text)) return Number(text)
  throw invalid(`The parameter ${name} must be a whole number`)
}

const toLowerFirst = (path: string): string => path.charAt(0).toLowerCase() + path.slice(1)

const invalid = (message: string): StsFailure => new StsFailure('ValidationError', message)
