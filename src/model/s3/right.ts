import type { S3Action } from './action.ts'

/** What else is known when an operation's rights are asked for: of stored things that its input names. */
export interface KnownState {
  /** Whether the source of a copy has tags. */
  readonly isSourceTagged?: boolean
  /** What an upload was begun with, which its completion gives to the object. */
  readonly upload?: {
    readonly givesAcl: boolean
    readonly isTagged: boolean
    readonly isRetained: boolean
    readonly isHeld: boolean
  }
}

/** When a right is needed. */
export interface RightCondition<I extends object = object> {
  /** For the table in docs/permissions.md: `x-amz-tagging is given`. */
  readonly says: string
  holds(input: I, known: KnownState): boolean
}

/**
 * What a right is about: the service (and a bucket that is to be made), the addressed bucket or object, the object that is made there, a
 * copy's source, or each object of a batch.
 */
export type RightTarget = 'service' | 'bucket' | 'object' | 'new-object' | 'source' | 'each-object'

/** One thing that an operation's caller must be allowed to do. */
export interface Right {
  readonly action: S3Action
  /** Takes the place of `action` when a version is named. */
  readonly ofVersion?: S3Action
  readonly on: RightTarget
  /** Absent: always needed, and so asked before the operation's arguments are read. */
  readonly when?: RightCondition
}

type RightOptions = Pick<Right, 'ofVersion' | 'on'>

/** A right that is needed whatever the input says; on the addressed object unless `on` says otherwise. */
export const right = (action: S3Action, on: RightTarget, ofVersion?: S3Action): Right => ({
  action,
  on,
  ...(ofVersion !== undefined && { ofVersion }),
})

/** A right that is needed when the input uses it. */
export const rightWhen = <I extends object>(
  when: RightCondition<I>,
  action: S3Action,
  { on, ofVersion }: RightOptions,
): Right => ({ ...right(action, on, ofVersion), when })

/** The rights that an operation of S3's API declares. Throws TypeError for one that declares none. */
export function rightsOf(operation: {
  readonly name: string
  readonly rights?: readonly Right[]
}): readonly Right[] {
  if (!operation.rights) throw new TypeError(`operation ${operation.name} declares no rights`)
  return operation.rights
}

/** The actions on `target` that every input needs. */
export function basicActions(
  rights: readonly Right[],
  target: RightTarget,
  namesVersion: boolean,
): readonly S3Action[] {
  const actions: S3Action[] = []
  for (const item of rights)
    if (item.on === target && item.when === undefined) actions.push(actionOf(item, namesVersion))
  return actions
}

/** The actions on `target` that this input needs besides {@link basicActions}. */
export function furtherActions(
  rights: readonly Right[],
  target: RightTarget,
  of: { readonly input: object; readonly known?: KnownState; readonly namesVersion: boolean },
): readonly S3Action[] {
  const actions: S3Action[] = []
  for (const item of rights)
    if (item.on === target && item.when?.holds(of.input, of.known ?? NOTHING_KNOWN) === true)
      actions.push(actionOf(item, of.namesVersion))
  return actions
}

const NOTHING_KNOWN: KnownState = {}

const actionOf = ({ action, ofVersion }: Right, namesVersion: boolean): S3Action =>
  namesVersion ? (ofVersion ?? action) : action
