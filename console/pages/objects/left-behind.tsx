import { Fragment, type ReactNode } from 'react'
import type { ApiError } from '../../api/api-error.ts'
import { explain, Note } from '../../parts/notes.tsx'
import { shownName } from '../../parts/shown-name.ts'

/** Names that are shown for a reason. */
const SHOWN_MAX = 10

/** Objects with which something was not done, by the reason, and what to do about it. */
export function LeftBehind({
  title,
  left,
}: {
  readonly title: string
  readonly left: readonly { readonly key: string; readonly error: ApiError }[]
}): ReactNode {
  if (left.length === 0) return null
  const byReason = new Map<string, string[]>()
  for (const { key, error } of left) {
    const { why, todo } = explain(error)
    const reason = todo === null ? why : `${why} ${todo}`
    byReason.set(reason, [...(byReason.get(reason) ?? []), key])
  }
  return (
    <Note kind="error">
      <p>
        <strong>{title}</strong>
      </p>
      <ul className="stack-tight">
        {[...byReason].map(([reason, keys]) => (
          <li key={reason}>
            {keys.slice(0, SHOWN_MAX).map((key, at) => (
              // Several may be versions of one object.
              <Fragment key={at}>
                {at > 0 && ', '}
                <bdi>{shownName(key)}</bdi>
              </Fragment>
            ))}
            {keys.length > SHOWN_MAX && ', …'}: {reason}
          </li>
        ))}
      </ul>
    </Note>
  )
}
