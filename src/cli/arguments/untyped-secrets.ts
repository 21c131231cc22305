import type { WireRecord } from '../../client/values.ts'
import { toKebabCase, type Operation } from '../../model/operation.ts'
import type { ArgumentValue } from '../grammar/argument.ts'
import { ParameterError } from './parameter-error.ts'

/** The members of an operation's input that are secrets of somebody's, and are never typed. */
const secretsOf = ({ input }: Operation): readonly string[] =>
  Object.entries(input.members).flatMap(([name, { shape }]) => (shape.isNeverTyped === true ? [name] : []))

const isFile = (typed: ArgumentValue): boolean => typeof typed === 'string' && /^fileb?:\/\//.test(typed)

/**
 * Refuses a secret that is typed, which the shell's history and every list of processes would have, as the option of its member or within one that gives
 * all parameters (`wholes`, by name). Throws ParameterError.
 */
export function refuseTypedSecrets(
  operation: Operation,
  values: ReadonlyMap<string, ArgumentValue>,
  wholes: Readonly<Record<string, ArgumentValue | undefined>>,
): void {
  for (const member of secretsOf(operation)) {
    const option = `--${toKebabCase(member)}`
    const typed = values.get(member)
    if (typed !== undefined && !isFile(typed))
      throw new ParameterError(
        option,
        'a secret is not typed: name the file that holds it, file://PATH, or file:///dev/stdin',
      )
    for (const [name, whole] of Object.entries(wholes))
      if (typeof whole === 'string' && !isFile(whole))
        throw new ParameterError(
          name,
          `its ${member} would be typed: name the file that holds it, file://PATH`,
        )
  }
}

/** Takes the line end away with which files of secrets end. */
export function trimSecrets(operation: Operation, parameters: WireRecord): void {
  for (const member of secretsOf(operation)) {
    const secret = parameters.get(member)
    if (typeof secret === 'string') parameters.set(member, secret.replace(/\r?\n$/, ''))
    else if (secret instanceof Uint8Array)
      parameters.set(
        member,
        Buffer.from(secret)
          .toString('utf8')
          .replace(/\r?\n$/, ''),
      )
  }
}
