import { createHash, randomBytes } from 'node:crypto'

/** One master key: 256 bits that wrap the data keys of records. */
export interface MasterKey {
  /** 8 hexadecimal digits of a hash of the key; says nothing about it, and records tell by it which key they need. */
  readonly id: string
  readonly key: Buffer
}

/** All master keys that this server knows; the newest seals, each of them opens. */
export interface MasterKeys {
  readonly newest: MasterKey
  readonly byId: ReadonlyMap<string, MasterKey>
}

/** What is wrong with the master keys that were given; says where, never what the key is. */
export class InvalidMasterKeys extends Error {
  override readonly name = 'InvalidMasterKeys'
}

const MASTER_KEY_BYTES = 32
const HEXADECIMAL = /^[0-9a-fA-F]{64}$/
const BASE64 = /^[A-Za-z0-9+/]{43}=$/

/**
 * Reads master keys from their text: one key of 32 bytes a line, in hexadecimal or base64, oldest first; empty lines and lines that start
 * with `#` are passed over. To rotate, add a line at the end; to retire a key, remove its line once nothing is sealed with it. `source` is
 * named in errors.
 */
export function parseMasterKeys(text: string, source: string): MasterKeys {
  const byId = new Map<string, MasterKey>()
  let newest: MasterKey | undefined
  text.split('\n').forEach((rawLine, index) => {
    const line = rawLine.trim()
    if (line === '' || line.startsWith('#')) return
    const encoding = HEXADECIMAL.test(line) ? 'hex' : BASE64.test(line) ? 'base64' : null
    if (encoding === null) {
      throw new InvalidMasterKeys(
        `line ${index + 1} of ${source} is no master key: expected ${MASTER_KEY_BYTES} bytes in hexadecimal or base64`,
      )
    }
    const key = Buffer.from(line, encoding)
    newest = {
      id: createHash('sha256').update('lugsail master key id\0').update(key).digest('hex').slice(0, 8),
      key,
    }
    byId.set(newest.id, newest)
  })
  if (!newest) throw new InvalidMasterKeys(`${source} holds no master key`)
  return { newest, byId }
}

/** A new master key as {@link parseMasterKeys} reads it, without a line end. */
export function mintMasterKey(): string {
  return randomBytes(MASTER_KEY_BYTES).toString('base64')
}
