import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { KeyEvent } from './key-report.ts'

/** Which events are wanted. */
export interface WantedEvents {
  readonly accessKeyIds: ReadonlySet<string>
  /** Epoch milliseconds; 0: all. */
  readonly since: number
}

/** What an audit log tells of keys: its lines, the oldest first, those of the files that were put aside before those of the file itself. */
export async function* auditEvents(
  path: string,
  { accessKeyIds, since }: WantedEvents,
  signal: AbortSignal,
): AsyncGenerator<KeyEvent> {
  for (const file of [...(await putAside(path)), path]) {
    const lines = createInterface({ input: createReadStream(file, { signal }), crlfDelay: Infinity })
    for await (const line of lines) {
      // Most lines are of other keys: only those are taken apart that may not be.
      if (![...accessKeyIds].some((id) => line.includes(id))) continue
      const event = readEvent(line)
      const isOfKey = accessKeyIds.has(String(event?.['accessKeyId']))
      if (event && isOfKey && Date.parse(String(event['time'])) >= since) yield event
    }
  }
}

/** Files of the same name with a time behind it, which orders them. */
async function putAside(path: string): Promise<string[]> {
  const prefix = `${basename(path)}.`
  const names = await readdir(dirname(path))
  const files = names.filter((name) => name.startsWith(prefix) && /^\d{8}T/.test(name.slice(prefix.length)))
  return files.sort().map((name) => join(dirname(path), name))
}

/** Null for a line that is none, such as one that a crash cut. */
function readEvent(line: string): KeyEvent | null {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null) return null
    return Object.fromEntries(
      Object.entries(value).map(([name, member]: [string, unknown]) => [name, plainOf(member)]),
    )
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

const plainOf = (value: unknown): string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : JSON.stringify(value)
