import type { Input } from '../../api/json-api.ts'
import { faultsOf, inputOf, type DraftFaults, type KeyDraft } from '../keys/create/key-draft.ts'

/** A role as somebody types it: what a key has, and who takes it for how long. */
export interface RoleDraft extends KeyDraft {
  readonly sessionSeconds: number
  /** Whether programs elsewhere take it by a token. */
  readonly hasTrust: boolean
  readonly issuer: string
  readonly audience: string
  /** One a line. */
  readonly subjects: string
}

/** What is sent for a draft. */
export function roleInputOf(draft: RoleDraft): Input<'CreateRole'> {
  const { sessionSeconds, hasTrust, issuer, audience } = draft
  return {
    ...inputOf(draft),
    sessionSecondsMax: sessionSeconds,
    ...(hasTrust && {
      trusts: [{ issuer, audiences: [audience], subjects: subjectsOf(draft) }],
    }),
  }
}

/** What is wrong with a draft, by field. */
export interface RoleFaults extends DraftFaults {
  readonly issuer?: true
  readonly audience?: true
  readonly subjects?: true
}

const NAME = /^[\w+=,.@-]{1,64}$/

/** Looks for what the server would refuse. */
export function roleFaultsOf(draft: RoleDraft, nowMs: number): RoleFaults {
  // Names of roles have a rule of their own.
  const faults = faultsOf({ ...draft, name: 'key' }, nowMs)
  return {
    ...faults,
    ...(!NAME.test(draft.name) && { name: true }),
    ...(draft.hasTrust && {
      ...(!/^https?:\/\/[!-~]+$/.test(draft.issuer) && { issuer: true }),
      ...(draft.audience === '' && { audience: true }),
      ...(subjectsOf(draft).length === 0 && { subjects: true }),
    }),
  }
}

const subjectsOf = ({ subjects }: RoleDraft): string[] =>
  subjects
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
