import type { ExchangeFacts } from '../api/exchange.ts'

/** Members of inputs and outputs that name what an operation is about; no other is noted, and none of these is a secret. */
const NAMES = [
  'name',
  'accountName',
  'accountId',
  'resourceName',
  'accessKeyId',
  'bundleId',
  'access',
  'versioning',
  'status',
] as const

/** Members that have such members in them. The last one counts: a new key, rather than the one before. */
const PARTS = ['account', 'resource', 'accessKey', 'rootKey'] as const

/** Notes for the audit log what an operation's input, or its output, says it is about. */
export function noteChange(facts: ExchangeFacts, values: object): void {
  const members = new Map(Object.entries(values))
  const bucketName: unknown = members.get('bucketName')
  if (typeof bucketName === 'string') facts.bucketName = bucketName
  for (const name of NAMES) {
    const value: unknown = members.get(name)
    if (typeof value === 'string') facts.change = { ...facts.change, [name]: value }
  }
  for (const name of PARTS) {
    const part: unknown = members.get(name)
    if (typeof part === 'object' && part !== null) noteChange(facts, part)
  }
}
