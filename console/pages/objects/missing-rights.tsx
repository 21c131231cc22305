import type { ReactNode } from 'react'
import { useMay } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'

const words = texts.objects

/** A line that says what the key at hand may not do here; none where it may all of it. */
export function MissingRights(): ReactNode {
  const may = useMay()
  const missing = (['list', 'read', 'write', 'delete'] as const).filter((doing) => !may(doing))
  if (missing.length === 0) return null
  return (
    <p className="missing-rights muted">{words.missingRights(missing.map((doing) => words.doings[doing]))}</p>
  )
}
