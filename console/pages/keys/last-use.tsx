import type { ReactNode } from 'react'
import type { Key } from '../../data/keys.ts'
import { Time } from '../../parts/values.tsx'
import { texts } from '../../texts/texts.ts'

/** When a key was last used, and for what, from where and by which program. */
export function LastUse({ lastUsed }: Pick<Key, 'lastUsed'>): ReactNode {
  if (lastUsed?.lastUsedDate === undefined) return <span className="muted">{texts.keys.neverUsed}</span>
  const { lastUsedDate, serviceName = '', operation = '', address = '', agent = '' } = lastUsed
  return (
    <span>
      <Time value={lastUsedDate} />{' '}
      <span className="muted">{texts.keys.use(operation || serviceName, address, agent)}</span>
    </span>
  )
}
