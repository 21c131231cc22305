import type { ReactNode } from 'react'
import type { BucketAddress } from '../../api/s3/list-objects.ts'
import { DeleteObjects } from './delete-objects.tsx'
import { DownloadZip } from './download-zip.tsx'
import type { ObjectRow } from './rows.ts'

/** What is to be done with lines of the list. */
export interface Action {
  readonly is: 'delete' | 'zip'
  readonly rows: readonly ObjectRow[]
}

/** The dialog of an action. */
export function ActionDialogs({
  action,
  address,
  onClose,
  onDone,
}: {
  readonly action: Action
  readonly address: BucketAddress
  readonly onClose: () => void
  readonly onDone: () => void
}): ReactNode {
  const { rows } = action
  switch (action.is) {
    case 'delete':
      return <DeleteObjects address={address} rows={rows} onClose={onClose} onDeleted={onDone} />
    case 'zip':
      return <DownloadZip address={address} rows={rows} onClose={onClose} />
  }
}
