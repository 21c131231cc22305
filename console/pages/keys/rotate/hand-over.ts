import type { KeyUse } from '../../../data/keys.ts'
import { userId, usersOf, type KeyUser } from '../key-users.ts'

const DAY_MS = 24 * 60 * 60 * 1_000

/** How far somebody is with changing from the old key to the new one. */
export type HandOverState =
  /** Used the old key within the last day, and the new one not since. */
  | 'waiting'
  /** Used the old key, but not for a day: it may come back, as what runs once a week does. */
  | 'quiet'
  /** Sent a request with the old key after it had stopped. */
  | 'refused'
  /** Used the new key after the old one. */
  | 'moved'
  /** Never used the old key. */
  | 'new'

/** Somebody who used the old key or the new one. */
export interface HandOver extends Pick<KeyUser, 'address' | 'agent'> {
  readonly state: HandOverState
  /** Epoch milliseconds; null: it did not use the key. */
  readonly lastOld: number | null
  readonly lastNew: number | null
  /** Requests with the old key. */
  readonly requests: number
}

const ORDER: readonly HandOverState[] = ['refused', 'waiting', 'quiet', 'moved', 'new']

/** Who has changed to the new key and who has not: those first who have not, and among them who was there last. */
export function handOverOf(
  oldUses: readonly KeyUse[],
  newUses: readonly KeyUse[],
  nowMs: number,
): readonly HandOver[] {
  const [before, after] = [usersOf(oldUses), usersOf(newUses)]
  const newById = new Map(after.map((user) => [userId(user), user]))
  const oldIds = new Set(before.map(userId))
  const found: HandOver[] = before.map((user) => {
    const { address, agent, last, requests } = user
    const lastNew = newById.get(userId(user))?.last ?? null
    return { address, agent, requests, lastOld: last, lastNew, state: stateOf(user, lastNew, nowMs) }
  })
  for (const user of after)
    if (!oldIds.has(userId(user))) {
      const { address, agent, last } = user
      found.push({ address, agent, requests: 0, lastOld: null, lastNew: last, state: 'new' })
    }
  const lastOf = ({ lastOld, lastNew }: HandOver): number => lastOld ?? lastNew ?? 0
  return found.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || lastOf(b) - lastOf(a))
}

function stateOf({ last, isRefused }: KeyUser, lastNew: number | null, nowMs: number): HandOverState {
  if (lastNew !== null && lastNew >= last) return 'moved'
  if (nowMs - last >= DAY_MS) return 'quiet'
  return isRefused ? 'refused' : 'waiting'
}

/** How many have not changed over and were there within the last day. */
export const waitingOf = (all: readonly HandOver[]): number =>
  all.filter(({ state }) => state === 'waiting' || state === 'refused').length

/** Whether the old key can stop: `idle`, nobody used it for a day; `moved`, everybody who did uses the new one; `used`, somebody would be refused. */
export function readinessOf(all: readonly HandOver[], nowMs: number): 'idle' | 'moved' | 'used' {
  if (waitingOf(all) > 0) return 'used'
  return all.some(({ lastOld }) => lastOld !== null && nowMs - lastOld < DAY_MS) ? 'moved' : 'idle'
}
