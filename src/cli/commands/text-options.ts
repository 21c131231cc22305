import { parseArgs } from 'node:util'
import { UsageError } from '../usage-error.ts'

/**
 * Reads the options of a hand-written command, each of which takes a text; gives undefined when help is asked for, by `help`, `--help`
 * or `-h`.
 * @throws UsageError
 */
export function readTextOptions<Name extends string>(
  command: string,
  names: readonly Name[],
  args: readonly string[],
): Partial<Record<Name, string>> | undefined {
  if (args[0] === 'help') return undefined
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]))
  const values = parse(command, args, options)
  if (values['help'] === true) return undefined
  const texts: Partial<Record<Name, string>> = {}
  for (const name of names) {
    const value = values[name]
    if (typeof value === 'string') texts[name] = value
  }
  return texts
}

function parse(
  command: string,
  args: readonly string[],
  options: Readonly<Record<string, { readonly type: 'string' }>>,
): Readonly<Record<string, unknown>> {
  try {
    return parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean', short: 'h' } } })
      .values
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
      throw new UsageError(`${command}: ${error.message}`)
    throw error
  }
}
