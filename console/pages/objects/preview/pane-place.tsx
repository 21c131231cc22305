import type { ReactNode } from 'react'
import type { ObjectAddress } from '../../../api/s3/objects.ts'
import { Sheet } from '../../../parts/dialog.tsx'
import { useMedia } from '../../../parts/table.tsx'
import { baseName, shownName } from '../../../parts/shown-name.ts'
import { useMay } from '../../../session/session-context.tsx'
import { texts } from '../../../texts/texts.ts'
import type { Action } from '../action-dialogs.tsx'
import { isShown, type FolderView } from '../folder-view.ts'
import type { ObjectRow } from '../rows.ts'
import { DeletedPane, isMarker } from './deleted-pane.tsx'
import { ObjectPane } from './object-pane.tsx'

/** Beside the list there is no room below this. */
const NARROW = '(max-width: 1000px)'

/** Where an object is shown: beside the list, or over it where the window is narrow. */
export function PanePlace({
  address,
  rows,
  view,
  onShow,
  onClose,
  onDownload,
  onAction,
  onRestore,
}: {
  readonly address: ObjectAddress
  readonly rows: readonly ObjectRow[]
  readonly view: FolderView
  readonly onShow: (row: ObjectRow) => void
  readonly onClose: () => void
  readonly onDownload: (address: ObjectAddress) => void
  readonly onAction: (action: Action) => void
  readonly onRestore: ((row: ObjectRow) => void) | null
}): ReactNode {
  const isNarrow = useMedia(NARROW)
  const shownRows = rows.filter(({ kind }) => kind !== 'folder')
  const at = shownRows.findIndex((row) => isShown(row, view))
  const row = shownRows[at]
  const may = useMay()
  const to = (place: number) => {
    const target = at === -1 ? undefined : shownRows[place]
    return target ? () => onShow(target) : null
  }
  const pane = isMarker(row) ? (
    <DeletedPane row={row} isInSheet={isNarrow} onClose={onClose} onRestore={onRestore} />
  ) : (
    <ObjectPane
      address={address}
      isInSheet={isNarrow}
      onClose={onClose}
      onPrevious={at > 0 ? to(at - 1) : null}
      onNext={to(at + 1)}
      onDownload={() => onDownload(address)}
      onShare={row && may('read') ? () => onAction({ is: 'share', rows: [row] }) : null}
      onEdit={
        row?.kind === 'object' && may('read') && may('write')
          ? () => onAction({ is: 'edit', rows: [row] })
          : null
      }
    />
  )
  if (isNarrow)
    return (
      <Sheet title={shownName(baseName(address.key))} isOpen onClose={onClose}>
        {pane}
      </Sheet>
    )
  return <aside aria-label={texts.objects.pane.title}>{pane}</aside>
}
