import { writeJson } from '../../client/json/write.ts'
import { Float, Instant, isList, isRecord } from '../../client/values.ts'
import type { WireValue } from '../../client/values.ts'
import { compareCodePoints } from '../output/order.ts'

/**
 * The output as YAML, in the form of AWS CLI version 2: members are sorted, a plain value is written as in JSON, and in a stream each page is
 * an element of a list. An output without members gives nothing.
 */
export async function formatYaml(output: WireValue, format: 'yaml' | 'yaml-stream'): Promise<string> {
  if (isRecord(output) && output.size === 0) return ''
  if (format === 'yaml' && !isRecord(output) && !isList(output)) return `${writeJson(output)}\n`
  const { wholeFloat, writeDocument } = await import('./package.ts')
  const plain = toPlain(output, wholeFloat)
  return writeDocument(format === 'yaml' ? plain : [plain])
}

/** A value without classes of ours; a number with a fraction stays one, also when that is nought. */
function toPlain(value: WireValue, wholeFloat: (value: number) => unknown): unknown {
  if (isList(value)) return value.map((element) => toPlain(element, wholeFloat))
  if (isRecord(value)) {
    const names = [...value.keys()].sort(compareCodePoints)
    return Object.fromEntries(names.map((name) => [name, toPlain(value.get(name) ?? null, wholeFloat)]))
  }
  if (value instanceof Float) return Number.isInteger(value.value) ? wholeFloat(value.value) : value.value
  return value instanceof Instant ? value.iso : value
}
