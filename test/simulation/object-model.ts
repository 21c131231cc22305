import type { SequentialModel } from './linearizability.ts'

/** What is done to one object key, and what was answered. Versions are named by the write that made them; `marker…` names are delete markers. */
export type ObjectAction =
  | { readonly type: 'put'; readonly id: string; readonly versioned: boolean }
  | { readonly type: 'put-if-absent'; readonly id: string; readonly versioned: boolean }
  | { readonly type: 'put-if'; readonly id: string; readonly versioned: boolean; readonly current: string }
  | { readonly type: 'delete'; readonly id: string; readonly versioned: boolean }
  | { readonly type: 'delete-version'; readonly id: string }
  /** As rules of the lifecycle do it: not to a version that is the newest. */
  | { readonly type: 'expire-version'; readonly id: string }
  /** The current version is this one; null: there is none. */
  | { readonly type: 'sees'; readonly id: string | null }
  /** A condition was not met: the current version has not the bytes of this one (null: there is one). */
  | { readonly type: 'sees-other-than'; readonly id: string | null }
  | { readonly type: 'sees-version'; readonly id: string; readonly isThere: boolean }
  /** All versions, oldest first; markers are alike. */
  | { readonly type: 'sees-versions'; readonly ids: readonly string[] }

/** What a delete marker is called where it is not told apart. */
export const MARKER = 'marker'
const isMarker = (id: string): boolean => id.startsWith(MARKER)

/** One object key: the state is the names of its versions, oldest first. Conditions compare ETags, which copies share with their sources. */
export const objectModel = (etagOf: (id: string) => string): SequentialModel<ObjectAction> => ({
  initial: '',
  step(state, action) {
    const versions = state === '' ? [] : state.split(' ')
    const newest = versions.at(-1)
    const current = newest === undefined || isMarker(newest) ? null : newest
    const withNew = (id: string, versioned: boolean): string => (versioned ? [...versions, id].join(' ') : id)
    switch (action.type) {
      case 'put':
        return withNew(action.id, action.versioned)
      case 'put-if-absent':
        return current === null ? withNew(action.id, action.versioned) : null
      case 'put-if':
        return current !== null && etagOf(current) === etagOf(action.current)
          ? withNew(action.id, action.versioned)
          : null
      case 'delete':
        return action.versioned ? withNew(action.id, true) : ''
      case 'delete-version':
        return versions.filter((id) => id !== action.id).join(' ')
      case 'expire-version':
        return newest === action.id ? null : versions.filter((id) => id !== action.id).join(' ')
      case 'sees':
        return current === action.id ? state : null
      case 'sees-other-than':
        if (action.id === null) return current === null ? null : state
        return current !== null && etagOf(current) === etagOf(action.id) ? null : state
      case 'sees-version':
        return versions.includes(action.id) === action.isThere ? state : null
      case 'sees-versions': {
        const shown = versions.map((id) => (isMarker(id) ? MARKER : id))
        return shown.join(' ') === action.ids.join(' ') ? state : null
      }
    }
  },
})

/** What is done with an access key: `works` and `refused` are what requests met that it signed. */
export type AccessKeyAction = { readonly type: 'make' | 'delete' | 'works' | 'refused' }

export const accessKeyModel: SequentialModel<AccessKeyAction> = {
  initial: 'not made',
  step(state, { type }) {
    if (type === 'make') return 'works'
    if (type === 'delete') return 'deleted'
    return (type === 'works') === (state === 'works') ? state : null
  },
}
