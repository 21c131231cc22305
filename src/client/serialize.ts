import type { Shape } from '../model/shape.ts'
import { writeJson } from './json/write.ts'
import { parseTimestamp } from './timestamp.ts'
import { isList, isRecord } from './values.ts'
import type { WireRecord, WireValue } from './values.ts'

/** The body of a request, in JSON 1.1: times become whole epoch seconds, all else goes as it is. The parameters must have been checked. */
export function serializeInput(parameters: WireRecord, shape: Shape): Buffer {
  return Buffer.from(writeJson(toWire(parameters, shape), { isAscii: true }))
}

function toWire(value: WireValue, shape: Shape | undefined): WireValue {
  if (shape?.type === 'timestamp') {
    const timestamp = parseTimestamp(value)
    return timestamp === undefined ? value : Math.floor(timestamp.epochMicroseconds / 1e6)
  }
  if (shape?.type === 'list' && isList(value)) return value.map((element) => toWire(element, shape.member))
  if (shape?.type === 'structure' && isRecord(value))
    return new Map([...value].map(([name, member]) => [name, toWire(member, shape.members[name]?.shape)]))
  return value
}
