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
] as const

/** Members that have such members in them. The last one counts: a new key, rather than the one before. */
const PARTS = ['account', 'resource', 'accessKey', 'rootKey'] as const

/** Members of which the values are too long for a line, and that they are given is noted. */
const GIVEN = [
  'policy',
  'buckets',
  'prefixes',
  'sourceNetworks',
  'expiresAt',
  'expiresInSeconds',
  'retireInSeconds',
  'retireAt',
  'retireWhenIdleSeconds',
  'description',
  'trusts',
  'sessionSecondsMax',
  'endsSessions',
] as const

/** Members that are lists of a few words of the API, and noted as they are. */
const WORDS = ['rights', 'removes'] as const

/** As {@link noteChange}, of an input: what it gives to an access key besides, or takes from it. */
export function noteInput(facts: ExchangeFacts, input: object): void {
  noteChange(facts, input)
  const members = new Map(Object.entries(input))
  const status: unknown = members.get('status')
  if (typeof status === 'string') facts.change = { ...facts.change, status }
  const given = GIVEN.filter((name) => members.get(name) !== undefined)
  if (given.length > 0) facts.change = { ...facts.change, gives: given.join(',') }
  for (const name of WORDS) {
    const words: unknown = members.get(name)
    if (Array.isArray(words)) facts.change = { ...facts.change, [name]: words.join(',') }
  }
}

/** Notes for the audit log what an operation's input, or its output, says it is about. */
export function noteChange(facts: ExchangeFacts, values: object): void {
  const members = new Map(Object.entries(values))
  const bucketName: unknown = members.get('bucketName')
  if (typeof bucketName === 'string') facts.bucketName = bucketName
  for (const name of NAMES) {
    const value: unknown = members.get(name)
    if (typeof value === 'string') facts.change = { ...facts.change, [name]: value }
  }
  const retiring: unknown = members.get('retiringKey')
  if (typeof retiring === 'object' && retiring !== null && 'accessKeyId' in retiring)
    facts.change = { ...facts.change, retiringAccessKeyId: String(retiring.accessKeyId) }
  for (const name of PARTS) {
    const part: unknown = members.get(name)
    if (typeof part === 'object' && part !== null) noteChange(facts, part)
  }
}
