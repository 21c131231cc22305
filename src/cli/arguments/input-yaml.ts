import { isRecord } from '../../client/values.ts'
import type { WireRecord } from '../../client/values.ts'
import { readYaml } from '../yaml/read.ts'
import { addMembers, loadInput } from './input-json.ts'
import { ParameterError } from './parameter-error.ts'

/**
 * Adds the members of `--cli-input-yaml`, a document or the file that holds one, to the parameters; what the command line gave stays.
 * @throws ParameterError
 */
export async function addInputYaml(
  parameters: WireRecord,
  value: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const content = loadInput('--cli-input-yaml', value, env)
  const input = await readYaml(
    typeof content === 'string' ? content : new TextDecoder().decode(content),
  ).catch((error: unknown) => {
    throw new ParameterError(
      'cli-input-yaml',
      `Invalid YAML: ${error instanceof Error ? error.message : String(error)}`,
    )
  })
  if (!isRecord(input)) throw new ParameterError('cli-input-yaml', 'Invalid type: expecting map')
  addMembers(parameters, input)
}
