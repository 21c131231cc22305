import { isRecord, type WireRecord, type WireValue } from '../../client/values.ts'
import type { ArgumentValue } from '../grammar/argument.ts'
import { writeStderr } from '../standard-streams.ts'
import { terminalLine } from '../../base/terminal-text.ts'
import type { KeyTarget } from './key-target.ts'
import { KeyringEntry } from './keyring-entry.ts'
import { openKeyring } from './keyring.ts'
import { keyPlaces } from './targets.ts'
import { checkTargets, writeKey, type WrittenFile } from './write-key.ts'
import type { WrittenKey } from './written-key.ts'

type Server = Pick<WrittenKey, 'endpointUrl' | 'region' | 'caBundle'>

/** The files, and the entry of the keyring, that the key of one response is written to, so that it is never on a screen. */
export class KeyFiles {
  readonly #targets: readonly KeyTarget[]
  readonly #entry: KeyringEntry | null
  readonly #server: Server

  /** Throws UsageError for options that name no files. */
  constructor(values: ReadonlyMap<string, ArgumentValue>, env: NodeJS.ProcessEnv, server: Server) {
    const { files, keyringName } = keyPlaces(values, env)
    this.#targets = files
    this.#entry = keyringName === undefined ? null : new KeyringEntry(keyringName, openKeyring())
    this.#server = server
  }

  /** Throws an Error for a file that cannot be written, and for a keyring that does not answer. */
  async check(): Promise<void> {
    await this.#entry?.check()
    await checkTargets(this.#targets, this.#server)
  }

  /**
   * Writes the key of a response into all places, or the one that the call brought along, tells where it is, and gives the response without the secret.
   * Throws an Error where one cannot be written; the others then are as they were.
   */
  async write(output: WireValue, parameters: WireRecord): Promise<WireValue> {
    const pair = pairOf(output) ?? pairOf(parameters)
    if (!pair) throw new Error('the response has no key')
    const places = await this.#writeAll({ name: nameOf(parameters), ...pair, ...this.#server })
    for (const { path, copy } of places)
      writeStderr(
        `The key ${terminalLine(pair.accessKeyId)} is in ${path}.${copy === undefined ? '' : ` What was there before is in ${copy}.`}\n`,
      )
    return withoutSecret(output)
  }

  async #writeAll(key: WrittenKey): Promise<readonly WrittenFile[]> {
    const kept = await this.#entry?.write(key)
    try {
      const files = await writeKey(this.#targets, key)
      return kept ? [{ path: kept.place, copy: kept.copy }, ...files] : files
    } catch (error) {
      // What cannot be undone either is left: the key is about to be deleted.
      await kept?.undo().catch(() => undefined)
      throw error
    }
  }
}

const SECRET = 'secretAccessKey'

function pairOf(output: WireValue): { accessKeyId: string; secretAccessKey: string } | null {
  if (!isRecord(output)) return null
  const [accessKeyId, secretAccessKey] = [output.get('accessKeyId'), output.get(SECRET)]
  if (typeof accessKeyId === 'string' && typeof secretAccessKey === 'string')
    return { accessKeyId, secretAccessKey }
  for (const value of output.values()) {
    const pair = pairOf(value)
    if (pair) return pair
  }
  return null
}

/** The output without the member: nothing that could be taken for a secret stands in its place. */
function withoutSecret(output: WireValue): WireValue {
  if (!isRecord(output)) return output
  return new Map(
    [...output].filter(([name]) => name !== SECRET).map(([name, value]) => [name, withoutSecret(value)]),
  )
}

/** What the key is for, as the call says it. */
function nameOf(parameters: WireRecord): string {
  for (const member of ['name', 'bucketName', 'resourceName', 'accountName']) {
    const value = parameters.get(member)
    if (typeof value === 'string') return value
  }
  return 'key'
}
