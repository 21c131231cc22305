/** Members that are times: epoch seconds on the wire, epoch milliseconds here. `model.test.ts` holds that the APIs have no others. */
export const TIME_MEMBERS: ReadonlySet<string> = new Set([
  'at',
  'createdAt',
  'deletedAt',
  'endTime',
  'expiresAt',
  'first',
  'last',
  'lastSyncedAt',
  'lastUsedDate',
  'retireAt',
  'retiredAt',
  'sessionsSince',
  'since',
  'startTime',
  'statusChangedAt',
  'timestamp',
  'until',
])

/** An answer with its times in milliseconds. */
export const fromWire = (value: unknown): unknown =>
  withTimes(value, (seconds) => Math.round(seconds * 1_000))

/** An input with its times in seconds. */
export const toWire = (value: unknown): unknown => withTimes(value, (ms) => ms / 1_000)

function withTimes(value: unknown, change: (time: number) => number): unknown {
  if (Array.isArray(value)) return value.map((each) => withTimes(each, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      typeof inner === 'number' && TIME_MEMBERS.has(name) ? change(inner) : withTimes(inner, change),
    ]),
  )
}
