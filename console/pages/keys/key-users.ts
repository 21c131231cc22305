import type { KeyUse } from '../../data/keys.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
/** As long as servers keep uses where nothing else is set. */
const DAYS_SHOWN = 30

/** What one address and agent did with a key, all days together. */
export interface KeyUser {
  readonly address: string
  readonly agent: string
  readonly requests: number
  readonly refusals: number
  readonly bytes: number
  /** Epoch milliseconds. */
  readonly last: number
  /** Whether the last day on which it was seen has nothing but refusals. */
  readonly isRefused: boolean
}

/** The users of a key, who was there last first. */
export function usersOf(uses: readonly KeyUse[]): readonly KeyUser[] {
  const users = new Map<string, KeyUser>()
  for (const use of uses) {
    const { address = '', agent = '', requests = 0, refusals = 0, bytes = 0, last = 0 } = use
    const id = userId({ address, agent })
    const known = users.get(id)
    users.set(id, {
      address,
      agent,
      requests: requests + (known?.requests ?? 0),
      refusals: refusals + (known?.refusals ?? 0),
      bytes: bytes + (known?.bytes ?? 0),
      last: Math.max(last, known?.last ?? 0),
      isRefused: last >= (known?.last ?? 0) ? refusals >= requests : (known?.isRefused ?? false),
    })
  }
  return [...users.values()].sort((a, b) => b.last - a.last)
}

/** Tells users apart. */
export const userId = ({ address, agent }: Pick<KeyUser, 'address' | 'agent'>): string =>
  `${address}\n${agent}`

/** Requests on each of the last days (UTC), days without any among them; the oldest first. */
export function requestsByDay(
  uses: readonly KeyUse[],
  nowMs: number,
  days = DAYS_SHOWN,
): readonly { readonly day: string; readonly value: number }[] {
  const sums = new Map<string, number>()
  for (const { day = '', requests = 0 } of uses) sums.set(day, (sums.get(day) ?? 0) + requests)
  return Array.from({ length: days }, (_, at) => {
    const day = new Date(nowMs - (days - 1 - at) * DAY_MS).toISOString().slice(0, 10)
    return { day, value: sums.get(day) ?? 0 }
  })
}

/** How many used a key, and were let, within the last day. */
export const recentUsers = (uses: readonly KeyUse[], nowMs: number): number =>
  usersOf(uses).filter(({ last, isRefused }) => !isRefused && nowMs - last < DAY_MS).length
