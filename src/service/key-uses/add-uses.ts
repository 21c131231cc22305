import type { Entry } from '../../storage/metadata-store.ts'
import type { Attempt } from '../commit/attempt.ts'
import { commitInTurn } from '../commit/commit-in-turn.ts'
import { STORE_TURNS } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { keyUseKey, keyUseRowsKey } from '../keyspace.ts'
import { keyUseCodec, keyUseRowsCodec, keyUsersCodec, type KeyUseRecord } from '../records/key-use.ts'
import { keptRowsMax } from './kept-days.ts'
import { OTHERS_ROW, shownAgent, userRow } from './user-of-key.ts'

/** Users of one key that are told apart on a day; what more of them do is counted together. */
export const USERS_PER_KEY_MAX = 1_000

/** Each may need its own row, that of its key's others, that of how many there are, and that of how many rows its account has. */
export const USES_PER_COMMIT = 60

/** What one user did with a key on a day since it was last written. */
export interface CountedUse extends Omit<KeyUseRecord, 'address' | 'agent'> {
  readonly accountId: string
  readonly accessKeyId: string
  readonly day: number
  /** Null: users beyond those that are told apart. */
  readonly user: { readonly address: string; readonly agent: string } | null
}

interface Row {
  readonly key: Buffer
  readonly entry: Entry | null
}

/**
 * Adds uses to those in the store, at most {@link USES_PER_COMMIT}, in one commit that finds the rows as it read them: what several gateways add comes
 * together. Throws `RecordBusy` when they keep being faster.
 */
export async function addUses(context: ServiceContext, uses: readonly CountedUse[]): Promise<void> {
  await commitInTurn(context, STORE_TURNS.keyUses, () => prepare(context, uses))
}

async function prepare(context: ServiceContext, uses: readonly CountedUse[]): Promise<Attempt<void>> {
  const places = uses.map((use) => placeOf(use))
  const rows = await readRows(
    context,
    places.flatMap(({ own, others, users, accountRows }) => [own, others, users, accountRows]),
  )
  const userCounts = new Map<string, number>()
  const accountRows = new AccountRows(rows)
  const written = new Map<string, KeyUseRecord>()
  for (const [at, use] of uses.entries()) {
    const place = places[at]
    if (!place) continue
    const isKnown = (rows.get(nameOf(place.own))?.entry ?? null) !== null || written.has(nameOf(place.own))
    const usersName = nameOf(place.users)
    const users = userCounts.get(usersName) ?? usersIn(rows.get(usersName))
    const isNew = use.user !== null && !isKnown
    const isOneOfOthers =
      isNew && (users >= USERS_PER_KEY_MAX || accountRows.countOf(place.accountRows) >= keptRowsMax(context))
    if (isNew && !isOneOfOthers) userCounts.set(usersName, users + 1)
    // The row that says how many there are leads to all others of the day.
    else if (rows.get(usersName)?.entry === null && !userCounts.has(usersName))
      userCounts.set(usersName, users)
    const name = nameOf(isOneOfOthers ? place.others : place.own)
    const before = written.get(name) ?? usesIn(rows.get(name))
    if (before === null) accountRows.add(place.accountRows)
    written.set(name, sumOf(before, isOneOfOthers ? { ...use, user: null } : use))
  }
  const sets = [
    ...[...written].map(([name, record]) => ({ name, value: keyUseCodec.encode(record) })),
    ...[...userCounts].map(([name, users]) => ({ name, value: keyUsersCodec.encode({ users }) })),
    ...accountRows
      .changed()
      .map(([name, count]) => ({ name, value: keyUseRowsCodec.encode({ rows: count }) })),
  ].flatMap(({ name, value }) => {
    const row = rows.get(name)
    return row ? [{ ...row, value }] : []
  })
  return {
    change: {
      checks: sets.map(({ key, entry }) => ({ key, version: entry?.version ?? null })),
      sets: sets.map(({ key, value }) => ({ key, value })),
    },
    result: undefined,
  }
}

function placeOf({ day, accountId, accessKeyId, user }: CountedUse) {
  const others = keyUseKey(day, accountId, accessKeyId, OTHERS_ROW)
  return {
    own: user ? keyUseKey(day, accountId, accessKeyId, userRow(user.address, user.agent)) : others,
    others,
    users: keyUseKey(day, accountId, accessKeyId),
    accountRows: keyUseRowsKey(accountId, day),
  }
}

/** Counts the rows of accounts on days; that of how many users a key has is not counted, and belongs to one that is. */
class AccountRows {
  readonly #rows: ReadonlyMap<string, Row>
  readonly #counts = new Map<string, number>()

  constructor(rows: ReadonlyMap<string, Row>) {
    this.#rows = rows
  }

  countOf(key: Buffer): number {
    const name = nameOf(key)
    const stored = this.#rows.get(name)?.entry
    return this.#counts.get(name) ?? (stored ? keyUseRowsCodec.decode(stored.value).rows : 0)
  }

  add(key: Buffer): void {
    this.#counts.set(nameOf(key), this.countOf(key) + 1)
  }

  changed(): readonly (readonly [name: string, count: number])[] {
    return [...this.#counts]
  }
}

const nameOf = (key: Buffer): string => key.toString('latin1')

async function readRows(context: ServiceContext, keys: readonly Buffer[]): Promise<Map<string, Row>> {
  const distinct = new Map(keys.map((key) => [nameOf(key), key]))
  const entries = await context.metadata.getMany([...distinct.values()])
  return new Map([...distinct].map(([name, key], at) => [name, { key, entry: entries[at] ?? null }]))
}

const usersIn = (row: Row | undefined): number =>
  row?.entry ? keyUsersCodec.decode(row.entry.value).users : 0
const usesIn = (row: Row | undefined): KeyUseRecord | null =>
  row?.entry ? keyUseCodec.decode(row.entry.value) : null

function sumOf(before: KeyUseRecord | null, use: CountedUse): KeyUseRecord {
  const { user } = use
  const agent = user === null ? '' : shownAgent(user.agent)
  return {
    ...(user && { address: user.address }),
    ...(agent !== '' && { agent }),
    first: Math.min(before?.first ?? Infinity, use.first),
    last: Math.max(before?.last ?? 0, use.last),
    requests: (before?.requests ?? 0) + use.requests,
    receivedBytes: (before?.receivedBytes ?? 0) + use.receivedBytes,
    sentBytes: (before?.sentBytes ?? 0) + use.sentBytes,
    refusals: (before?.refusals ?? 0) + use.refusals,
  }
}
