import type { ReactNode } from 'react'
import type { BucketAddress } from '../../api/s3/list-objects.ts'
import { DeleteObjects } from './delete-objects.tsx'
import { DeleteVersions } from './delete-versions.tsx'
import { DownloadZip } from './download-zip.tsx'
import { EditObject } from './edit-object.tsx'
import { MoveObjects } from './move-objects.tsx'
import { addressOf, type ObjectRow } from './rows.ts'
import { ShareObject } from './share-object.tsx'

/** What is to be done with lines of the list. */
export interface Action {
  readonly is: 'delete' | 'delete-versions' | 'zip' | 'copy' | 'move' | 'rename' | 'share' | 'edit'
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
  const [first] = rows
  switch (action.is) {
    case 'delete':
      return <DeleteObjects address={address} rows={rows} onClose={onClose} onDeleted={onDone} />
    case 'zip':
      return <DownloadZip address={address} rows={rows} onClose={onClose} />
    case 'delete-versions':
      return <DeleteVersions address={address} rows={rows} onClose={onClose} onDone={onDone} />
    case 'copy':
    case 'move':
    case 'rename':
      return <MoveObjects address={address} rows={rows} how={action.is} onClose={onClose} onDone={onDone} />
    case 'share':
      return first && <ShareObject address={addressOf(first, address)} onClose={onClose} />
    case 'edit':
      return first && <EditObject address={addressOf(first, address)} onClose={onClose} />
  }
}
