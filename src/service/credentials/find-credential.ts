import type { Entry, Key } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import type { KeyRefusal } from '../errors/access-key.ts'
import { credentialKey, roleKey } from '../keyspace.ts'
import type { RoleRecord } from '../records/role.ts'
import type { Session } from '../sessions/session.ts'
import type { FoundCredential } from './access-cache.ts'
import { describeRefusal, refusalOf } from './refused-key.ts'

/** The access key that a request names, with the session that its token holds: null where it has none, `invalid` where it holds none. */
export interface ShownKey {
  readonly accessKeyId: string
  readonly session: Session | 'invalid' | null
}

interface Found {
  /** Null when it does not count. */
  readonly credential: FoundCredential | null
  /** Why not. */
  readonly refusal: KeyRefusal | null
  /** One that does not count, where what it stands for is there at all. */
  readonly stopped: FoundCredential | null
}

const refused = (refusal: KeyRefusal, stopped: FoundCredential | null = null): Found => ({
  credential: null,
  refusal,
  stopped,
})
const found = (credential: FoundCredential): Found => ({ credential, refusal: null, stopped: null })

/** The rows that say whether a key counts, and what for: its own; of a session, those of the key that it came from and of the role that was taken. */
export function credentialRows({ accessKeyId, session }: ShownKey): readonly Key[] {
  if (session === null) return [credentialKey(accessKeyId)]
  if (session === 'invalid') return []
  let rows = sessionRows.get(session)
  if (!rows) sessionRows.set(session, (rows = rowsOf(session)))
  return rows
}

/** For as long as the opened token of the session is kept. */
const sessionRows = new WeakMap<Session, readonly Key[]>()

const rowsOf = ({ accountId, parentKeyId, role }: Session): readonly Key[] => [
  ...(parentKeyId === null ? [] : [credentialKey(parentKeyId)]),
  ...(role ? [roleKey(accountId, role.name)] : []),
]

/** What the rows of {@link credentialRows} say of the key, read in their order. */
export function findCredential(
  context: ServiceContext,
  shown: ShownKey,
  entries: readonly (Entry | null | undefined)[],
): Found {
  const { accessKeyId, session } = shown
  if (session === 'invalid') return refused({ why: 'token-invalid' })
  if (session !== null) return findSession(context, session, entries)
  const [entry] = entries
  if (!entry) return refused(UNKNOWN)
  const credential = context.accessCache.credential(accessKeyId, entry)
  const refusal = refusalOf(credential, context.clock.now())
  return refusal ? refused(refusal, credential) : found(credential)
}

function findSession(
  { accessCache, clock }: ServiceContext,
  session: Session,
  entries: readonly (Entry | null | undefined)[],
): Found {
  const nowMs = clock.now()
  const { expiresAt, parentKeyId, parentMadeAt, role } = session
  const parentEntry = parentKeyId === null ? null : entries[0]
  const roleEntry = role === null ? null : entries[parentKeyId === null ? 0 : 1]
  const ofId = parentEntry && parentKeyId !== null ? accessCache.credential(parentKeyId, parentEntry) : null
  // Another key that was given the id since is not the one that is meant.
  const parent = ofId?.usedKeyMadeAt === parentMadeAt ? ofId : null
  const stored = roleEntry ? accessCache.roleOf(session, roleEntry) : null
  const isThere = (parent !== null || parentKeyId === null) && (stored !== null || role === null)
  const credential = isThere ? accessCache.session(session, parent, stored) : null
  if (nowMs >= expiresAt) return refused({ why: 'token-expired', at: expiresAt }, credential)
  if (parentKeyId !== null) {
    const refusal = parent ? refusalOf(parent, nowMs) : UNKNOWN
    if (refusal) return refused(ended(`the access key ${parentKeyId}`, refusal), credential)
  }
  if (role !== null) {
    const refusal = stored ? roleRefusal(stored.record, session, nowMs) : UNKNOWN
    if (refusal) return refused(ended(`the role ${role.name}`, refusal), credential)
  }
  return credential ? found(credential) : refused({ why: 'token-invalid' })
}

const UNKNOWN: KeyRefusal = { why: 'unknown' }

/** Why the role that a session was taken for does not count for it any more; null: it does. */
function roleRefusal(record: RoleRecord, { role }: Session, nowMs: number): KeyRefusal | null {
  if (record.roleId !== role?.roleId) return UNKNOWN
  // Not by the time at which it was taken, which a gateway tells whose clock may be ahead.
  if (role.sessionsSince !== (record.sessionsSince ?? 0))
    return { why: 'session-ended', source: '', fault: REVOKED }
  return refusalOf(record, nowMs)
}

const REVOKED = 'had its sessions ended'

function ended(source: string, refusal: KeyRefusal): KeyRefusal {
  if (refusal.why === 'session-ended') return { ...refusal, source }
  const { fault } = describeRefusal(refusal)
  return { why: 'session-ended', source, fault: fault === '' ? 'does not exist any more' : fault }
}
