import { Float, toInteger } from '../../client/values.ts'
import type { WireValue } from '../../client/values.ts'

/** Reads YAML as a value of the wire. Rejects with an error that says where the text is no YAML. */
export async function readYaml(text: string): Promise<WireValue> {
  const { readDocument } = await import('./package.ts')
  return fromPlain(readDocument(text))
}

function fromPlain(value: unknown): WireValue {
  if (Array.isArray(value)) return value.map(fromPlain)
  if (value instanceof Map)
    return new Map([...value].map(([name, member]) => [String(name), fromPlain(member)]))
  if (typeof value === 'bigint') return toInteger(String(value))
  if (typeof value === 'number') return new Float(value)
  // What looks like a date becomes one; parameters take the text.
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z')
  return typeof value === 'string' || typeof value === 'boolean' ? value : null
}
