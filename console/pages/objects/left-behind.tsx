import type { ReactNode } from 'react'
import type { ApiError } from '../../api/api-error.ts'
import { explain, Note } from '../../parts/notes.tsx'
import { shownName } from '../../parts/shown-name.ts'

const SHOWN_MAX = 10

/** Objects with which something was not done, and why. */
export function LeftBehind({
  title,
  left,
}: {
  readonly title: string
  readonly left: readonly { readonly key: string; readonly error: ApiError }[]
}): ReactNode {
  if (left.length === 0) return null
  const explained = left.map(({ key, error }) => ({ key, ...explain(error) }))
  const todos = new Set(explained.map(({ todo }) => todo).filter((todo) => todo !== null))
  return (
    <Note kind="error">
      <p>
        <strong>{title}</strong>
      </p>
      <ul className="stack-tight">
        {explained.slice(0, SHOWN_MAX).map(({ key, why }, at) => (
          // Several may be versions of one object.
          <li key={at}>
            <bdi>{shownName(key)}</bdi>: {why}
          </li>
        ))}
        {left.length > SHOWN_MAX && <li>…</li>}
      </ul>
      {[...todos].map((todo) => (
        <p key={todo}>{todo}</p>
      ))}
    </Note>
  )
}
