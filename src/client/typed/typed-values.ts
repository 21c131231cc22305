import type { Shape, ValueOf } from '../../model/shape.ts'
import { parseTimestamp } from '../timestamp.ts'
import { Float, isList, isRecord } from '../values.ts'
import type { WireRecord, WireValue } from '../values.ts'

/** The value of a shape as a program has it: as the model's own, but a time is a Date. */
export type TypedValue<S extends Shape> = ValueOf<S, Date>

/** A program's value as the client under it takes it; members that are undefined are left out. What is no value of the shape stays wrong, and is found by validation. */
function toWireValue(value: unknown): WireValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint')
    return value
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : new Float(value)
  if (value instanceof Date) return Math.floor(value.getTime() / 1_000)
  if (Array.isArray(value)) return value.map(toWireValue)
  if (typeof value === 'object') return toWireRecord(value)
  throw new TypeError(`expected data in the parameters, got a ${typeof value}`)
}

/** The parameters of a call, as the client under this one takes them. */
export function toWireRecord(value: object): WireRecord {
  const record: WireRecord = new Map()
  for (const [name, member] of Object.entries(value) as [string, unknown][])
    if (member !== undefined) record.set(name, toWireValue(member))
  return record
}

/** What a call answered, as a program has it. Integers beyond 2^53 lose their last digits. */
export function fromWireValue(value: WireValue, shape: Shape): unknown {
  if (shape.type === 'timestamp') {
    const timestamp = parseTimestamp(value)
    return timestamp === undefined ? undefined : new Date(timestamp.epochMicroseconds / 1_000)
  }
  if (shape.type === 'list' && isList(value))
    return value.map((element) => fromWireValue(element, shape.member))
  if (shape.type === 'structure' && isRecord(value))
    return Object.fromEntries(
      [...value].flatMap(([name, member]) => {
        const known = shape.members[name]
        return known === undefined ? [] : [[name, fromWireValue(member, known.shape)]]
      }),
    )
  if (isRecord(value)) return Object.fromEntries(value)
  if (value instanceof Float) return value.value
  return typeof value === 'bigint' ? Number(value) : value
}
