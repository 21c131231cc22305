import { DAY_MS } from '../../base/milliseconds.ts'
import type { ServiceContext } from '../context.ts'
import { keyUseKey, keyUsesOfDayRange } from '../keyspace.ts'
import { makePageToken, readPageToken } from '../page-token.ts'
import { keyUseCodec, type KeyUseRecord } from '../records/key-use.ts'
import { dayOf } from '../usage/daily-usage.ts'
import { USERS_PER_KEY_MAX } from './add-uses.ts'
import { oldestKeptDay } from './kept-days.ts'
import { OTHERS_ROW } from './user-of-key.ts'

/** What one user did with a key on a day. */
interface ReadKeyUse extends KeyUseRecord {
  readonly accessKeyId: string
  /** Epoch milliseconds at which the day (UTC) began. */
  readonly dayBegan: number
  /** It is what all users did together who are not told apart. */
  readonly isOthers: boolean
}

interface KeyUsesPage {
  /** The newest day first, and the last use first on each. */
  readonly uses: readonly ReadKeyUse[]
  /** Absent on the last page. */
  readonly nextPageToken?: string
}

/** A page ends after the day with which it has so many uses; a day of a key has up to {@link USERS_PER_KEY_MAX} and one. */
const USES_PER_PAGE = 200
/** Days looked for in one read. */
const DAYS_PER_READ = 100

/**
 * Who used the keys of these ids, since an instant, as far back as is kept. Throws `InvalidPageToken`.
 */
export async function readKeyUses(
  context: ServiceContext,
  {
    accountId,
    accessKeyIds,
    since = 0,
    pageToken = '',
  }: {
    readonly accountId: string
    readonly accessKeyIds: readonly string[]
    readonly since?: number | undefined
    readonly pageToken?: string | undefined
  },
): Promise<KeyUsesPage> {
  const today = dayOf(context.clock.now())
  const oldest = Math.max(dayOf(since), oldestKeptDay(context))
  const list = `key uses\0${accountId}\0${accessKeyIds.join('\0')}`
  const newest = pageToken === '' ? today : Number(readPageToken(context, list, pageToken).toString()) - 1
  const uses: ReadKeyUse[] = []
  for (let before = newest + 1; before > oldest; before -= DAYS_PER_READ) {
    const days = descending(before - 1, Math.max(oldest, before - DAYS_PER_READ))
    for (const day of await daysWithUses(context, accountId, accessKeyIds, days)) {
      const ofDay = await usesOfDay(context, accountId, accessKeyIds, day)
      uses.push(...ofDay.filter(({ last }) => last >= since))
      if (uses.length >= USES_PER_PAGE && day > oldest)
        return { uses, nextPageToken: makePageToken(context, list, Buffer.from(String(day))) }
    }
  }
  return { uses }
}

const descending = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, from - to + 1) }, (_, index) => from - index)

/** Those of the days of which anything is known. */
async function daysWithUses(
  context: ServiceContext,
  accountId: string,
  accessKeyIds: readonly string[],
  days: readonly number[],
): Promise<number[]> {
  const found = await context.metadata.getMany(
    days.flatMap((day) => accessKeyIds.map((id) => keyUseKey(day, accountId, id))),
  )
  const idCount = accessKeyIds.length
  return days.filter((_, at) => found.slice(at * idCount, (at + 1) * idCount).some(Boolean))
}

async function usesOfDay(
  context: ServiceContext,
  accountId: string,
  accessKeyIds: readonly string[],
  day: number,
): Promise<ReadKeyUse[]> {
  const uses: ReadKeyUse[] = []
  for (const accessKeyId of accessKeyIds) {
    const range = keyUsesOfDayRange(day, accountId, accessKeyId)
    // How many users there are, each of them, and the others.
    const rows = await context.metadata.scan({ ...range, limit: USERS_PER_KEY_MAX + 2 })
    for (const { key, value } of rows) {
      const user = key.toString('utf8', range.start.length)
      if (user === '') continue
      uses.push({
        ...keyUseCodec.decode(value),
        accessKeyId,
        dayBegan: day * DAY_MS,
        isOthers: user === OTHERS_ROW,
      })
    }
  }
  return uses.sort((left, right) => right.last - left.last)
}
