import type { ReactNode } from 'react'

/** How far a work of many steps is. */
export function Progress({
  label,
  done,
  all,
  text,
}: {
  readonly label: string
  readonly done: number
  readonly all: number
  readonly text: string
}): ReactNode {
  const percent = all === 0 ? 0 : Math.min(100, Math.floor((done / all) * 100))
  return (
    <div className="stack-tight">
      <div
        className="meter"
        role="progressbar"
        aria-label={label}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <span style={{ width: `${percent}%` }} />
      </div>
      <span className="muted">{text}</span>
    </div>
  )
}
