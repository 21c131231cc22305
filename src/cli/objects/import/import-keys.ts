import { readFileSync } from 'node:fs'
import { ServiceFault } from '../../../client/errors.ts'
import { createTypedClient } from '../../../client/typed/typed-client.ts'
import { getAccessKeys } from '../../../model/lugsail/get-access-keys.ts'
import { importAccessKey } from '../../../model/lugsail/import-access-key.ts'
import { isFault } from '../../fault.ts'
import { createClient, planClient } from '../../session.ts'
import type { Session } from '../../session.ts'
import { UsageError } from '../../usage-error.ts'
import type { Report } from '../report.ts'
import type { BucketPair } from './options.ts'

/** What a key of the file may have: what ImportAccessKey takes. */
const MEMBERS = Object.keys(importAccessKey.input.members)

const operations = { GetAccessKeys: getAccessKeys, ImportAccessKey: importAccessKey } as const

/** A key of the file, as it is written there. */
type KeyEntry = Readonly<Record<string, unknown>> & { readonly name: string; readonly accessKeyId: string }

/**
 * Reads a file of keys, or with `-` standard input: `{"accessKeys": [{"name": …, "accessKeyId": …, "secretAccessKey": …, "rights": […]}]}`.
 * @throws UsageError that names what is wrong, and no secret
 */
export function readKeyFile(path: string): readonly KeyEntry[] {
  const what = path === '-' ? 'standard input' : path
  const document = parseJson(readFileSync(path === '-' ? 0 : path, 'utf8'), what)
  const list = Array.isArray(document) ? document : memberOf(document, 'accessKeys')
  if (!Array.isArray(list)) throw new UsageError(`--keys: expected {"accessKeys": [...]} in ${what}`)
  return list.map((entry: unknown, index) => readEntry(entry, `key ${index + 1} of ${what}`))
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // What the language says of it shows a piece of the text, which may be of a secret.
    throw new UsageError(`--keys: ${what} is no JSON`)
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined

function readEntry(entry: unknown, what: string): KeyEntry {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw new UsageError(`--keys: ${what}: expected an object`)
  const unknown = Object.keys(entry).find((name) => !MEMBERS.includes(name))
  if (unknown !== undefined)
    throw new UsageError(
      `--keys: ${what}: there is no ${JSON.stringify(unknown)}; there are ${MEMBERS.join(', ')}`,
    )
  const [name, accessKeyId, secret] = ['name', 'accessKeyId', 'secretAccessKey'].map((member) =>
    memberOf(entry, member),
  )
  if (typeof name !== 'string' || typeof accessKeyId !== 'string' || typeof secret !== 'string')
    throw new UsageError(`--keys: ${what}: expected name, accessKeyId and secretAccessKey as texts`)
  return { ...entry, name, accessKeyId }
}

/** Imports keys into the account whose key the command has. One that is there already, with this name and id, is left as it is. */
export async function importKeys(
  session: Session,
  report: Report,
  entries: readonly KeyEntry[],
  buckets: readonly BucketPair[],
): Promise<void> {
  const client = createTypedClient(await createClient(session, await planClient(session)), operations)
  const newNames = new Map(buckets.map(({ from, to }) => [from, to]))
  const renamed = (name: unknown): unknown => (typeof name === 'string' ? (newNames.get(name) ?? name) : name)
  for (const entry of entries) {
    const { name, accessKeyId } = entry
    const record = { name, accessKeyId }
    try {
      const { accessKeys = [] } = (await unlessMissing(client.getAccessKeys({ name }))) ?? {}
      if (accessKeys.some((key) => key.accessKeyId === accessKeyId)) {
        report.entry('keys', `key ${name} (${accessKeyId}): is there already`, { ...record, outcome: 'same' })
        continue
      }
      const input = Array.isArray(entry['buckets'])
        ? { ...entry, buckets: entry['buckets'].map(renamed) }
        : entry
      // Its members were named; what they hold, the client and the server check.
      await client.importAccessKey(input as unknown as Parameters<typeof client.importAccessKey>[0])
      report.entry('keys', `key ${name} (${accessKeyId}): imported`, { ...record, outcome: 'copied' })
    } catch (error) {
      if (isFault(error) || !(error instanceof Error)) throw error
      report.failure('keys', `key ${name} (${accessKeyId}): ${error.message}`, record)
    }
  }
}

async function unlessMissing<T>(response: Promise<T>): Promise<T | undefined> {
  try {
    return await response
  } catch (error) {
    if (error instanceof ServiceFault && error.code === 'NotFoundException') return undefined
    throw error
  }
}
