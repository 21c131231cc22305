import type { ReactNode } from 'react'
import { texts } from '../texts/texts.ts'
import { formatBytes } from './formats.ts'

/** How much of what there is is used; `most` null: it has no end. */
export function Meter({
  used,
  most,
  label,
}: {
  readonly used: number
  readonly most: number | null
  readonly label: string
}): ReactNode {
  const isOver = most !== null && used > most
  return (
    <span className="usage-cell" title={texts.units.bytes(used)}>
      <span>
        {most === null ? formatBytes(used) : texts.buckets.usageOf(formatBytes(used), formatBytes(most))}
      </span>
      {most !== null && (
        <span className={isOver ? 'meter meter-over' : used > 0 ? 'meter meter-some' : 'meter'} aria-hidden>
          <span style={{ width: `${Math.min(100, (used / most) * 100)}%` }} />
        </span>
      )}
      {isOver && <span className="unseen">{texts.overview.over(label)}</span>}
    </span>
  )
}
