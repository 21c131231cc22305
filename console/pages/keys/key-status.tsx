import type { ReactNode } from 'react'
import type { Key } from '../../data/keys.ts'
import { texts } from '../../texts/texts.ts'

const STYLES = { Active: 'badge badge-good', Inactive: 'badge', Expired: 'badge badge-warning' }

/** Whether a key counts. */
export const KeyStatus = ({ status = 'Active' }: Pick<Key, 'status'>): ReactNode => (
  <span className={STYLES[status]}>{texts.keys.statuses[status]}</span>
)
