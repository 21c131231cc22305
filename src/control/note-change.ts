import type { ExchangeFacts } from '../base/exchange.ts'

/** Members of inputs and outputs that name what an operation is about; no other is noted, and none of these is a secret. */
const NAMES = ['resourceName', 'accessKeyId', 'bundleId', 'access', 'versioning'] as const

/** Notes for the audit log what an operation's input, or its output, says it is about. */
export function noteChange(facts: ExchangeFacts, values: object): void {
  const members = new Map(Object.entries(values))
  const bucketName: unknown = members.get('bucketName')
  if (typeof bucketName === 'string') facts.bucketName = bucketName
  for (const name of NAMES) {
    const value: unknown = members.get(name)
    if (typeof value === 'string') facts.change = { ...facts.change, [name]: value }
  }
  const accessKey: unknown = members.get('accessKey')
  if (typeof accessKey === 'object' && accessKey !== null) noteChange(facts, accessKey)
}
