import type { Input } from '../../../api/json-api.ts'

/** The three cards. */
export type Access = 'read' | 'read-write' | 'full'

/** How the end is chosen: none, so many seconds from now, or a day. */
export type EndChoice = 'never' | 'day' | `${number}`

/** A key as somebody types it. */
export interface KeyDraft {
  readonly name: string
  readonly access: Access
  /** Of `read-write`: whether it deletes, too. */
  readonly mayDelete: boolean
  /** Null: all of the account. */
  readonly buckets: readonly string[] | null
  /** One a line. */
  readonly prefixes: string
  /** One a line. */
  readonly networks: string
  readonly end: EndChoice
  /** `2026-12-04`, the last day in the person's zone. */
  readonly day: string
}

/** A key of this name as CreateAccessKey takes it. */
export type KeyInput = Input<'CreateAccessKey'>

/** What is sent for a draft, and what its sentence is made of. */
export function inputOf(draft: KeyDraft): KeyInput {
  const { name, access, mayDelete, buckets, end, day } = draft
  const [prefixes, sourceNetworks] = [linesOf(draft.prefixes), linesOf(draft.networks)]
  const lastDay = end === 'day' ? endOfDay(day) : null
  return {
    name,
    rights:
      access === 'read'
        ? ['read', 'list']
        : access === 'full'
          ? ['full']
          : mayDelete
            ? ['read-write']
            : ['read', 'list', 'write'],
    ...(buckets && { buckets }),
    ...(prefixes.length > 0 && { prefixes }),
    ...(sourceNetworks.length > 0 && { sourceNetworks: sourceNetworks.map((each) => each.trim()) }),
    ...(lastDay !== null && { expiresAt: lastDay }),
    ...(end !== 'day' && end !== 'never' && { expiresInSeconds: Number(end) }),
  }
}

/** What is wrong with a draft, by field; nothing when it may be sent. */
export interface DraftFaults {
  readonly name?: true
  readonly buckets?: true
  readonly day?: true
}

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._@-]{0,126}[A-Za-z0-9])?$/

/** Looks for what the server would refuse; it looks at networks and lengths itself. */
export function faultsOf({ name, buckets, end, day }: KeyDraft, nowMs: number): DraftFaults {
  return {
    ...(!NAME.test(name) && { name: true }),
    ...(buckets?.length === 0 && { buckets: true }),
    ...(end === 'day' && !((endOfDay(day) ?? 0) > nowMs) && { day: true }),
  }
}

/** Epoch milliseconds at which a day ends in the person's zone; null: there is no such day. */
export function endOfDay(day: string): number | null {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? []
  if (year === undefined) return null
  const end = new Date(Number(year), Number(month) - 1, Number(date) + 1).getTime() - 1_000
  return Number.isNaN(end) ? null : end
}

/** The day, as a date field has it. */
export function dayOf(epochMs: number): string {
  const at = new Date(epochMs)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** Spaces belong to a prefix; a line of nothing does not. */
const linesOf = (text: string): string[] => [
  ...new Set(text.split('\n').filter((line) => line.trim() !== '')),
]
