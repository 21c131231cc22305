import { JsonError, readJson } from '../../client/json/read.ts'
import { displayText } from '../../client/python-text.ts'
import { isRecord } from '../../client/values.ts'
import type { WireRecord } from '../../client/values.ts'
import { ParameterError } from './parameter-error.ts'
import { ParameterFileError, readLocalParameter } from './parameter-file.ts'

/**
 * Adds the members of `--cli-input-json`, a JSON object or the file that holds one, to the parameters; what the command line gave
 * stays. `isRepeated`: what cannot be read is shown in the message, as the reference does.
 * @throws ParameterError
 */
export function addInputJson(
  parameters: WireRecord,
  value: string,
  env: NodeJS.ProcessEnv,
  isRepeated = true,
): void {
  const content = loadInput('--cli-input-json', value, env)
  addMembers(parameters, readInput(content, isRepeated))
}

/** Adds the members that the parameters do not have yet. */
export function addMembers(parameters: WireRecord, input: WireRecord): void {
  for (const [name, member] of input) if (!parameters.has(name)) parameters.set(name, member)
}

/** The text of an option that gives all parameters, or what the file holds that it names. @throws ParameterError */
export function loadInput(option: string, value: string, env: NodeJS.ProcessEnv): string | Uint8Array {
  try {
    return readLocalParameter(value, env) ?? value
  } catch (error) {
    if (error instanceof ParameterFileError) throw new ParameterError(option, error.message)
    throw error
  }
}

function readInput(content: string | Uint8Array, isRepeated: boolean): WireRecord {
  // The mark at the start of a file counts in text only.
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content)
  const received = isRepeated ? displayText(content) : '(not shown: it may hold a secret)'
  try {
    const input = readJson(text)
    if (isRecord(input)) return input
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    throw new ParameterError('cli-input-json', `Invalid JSON: ${error.message}\nJSON received: ${received}`)
  }
  throw new ParameterError('cli-input-json', `Invalid JSON: expected an object\nJSON received: ${received}`)
}
