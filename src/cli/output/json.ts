import { writeJson } from '../../client/json/write.ts'
import { isRecord } from '../../client/values.ts'
import type { WireValue } from '../../client/values.ts'

/** The output as JSON, indented by four; an object without members gives nothing at all. */
export function formatJson(output: WireValue): string {
  return isRecord(output) && output.size === 0 ? '' : `${writeJson(output, { indent: 4 })}\n`
}
