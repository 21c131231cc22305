import { Copy, FolderDown, FolderInput, Trash2, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../parts/button.tsx'
import { useMay } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import type { Action } from './action-dialogs.tsx'
import type { ObjectRow } from './rows.ts'

const words = texts.objects

/** What can be done with all lines that are selected. */
export function SelectionBar({
  rows,
  onAction,
  onClear,
}: {
  readonly rows: readonly ObjectRow[]
  readonly onAction: (action: Action) => void
  readonly onClear: () => void
}): ReactNode {
  const may = useMay()
  const versions = rows.filter(({ kind }) => kind === 'version')
  const others = rows.filter(({ kind }) => kind !== 'version')
  const mayWrite = may('read') && may('write')
  return (
    <div className="row" role="toolbar" aria-label={words.selectionActions}>
      <strong role="status">{words.selected(rows.length)}</strong>
      {others.length > 0 && may('read') && (
        <Button onPress={() => onAction({ is: 'zip', rows: others })}>
          <FolderDown aria-hidden />
          {words.actions.zip}
        </Button>
      )}
      {others.length > 0 && mayWrite && (
        <Button onPress={() => onAction({ is: 'copy', rows: others })}>
          <Copy aria-hidden />
          {words.actions.copy}
        </Button>
      )}
      {others.length > 0 && mayWrite && may('delete') && (
        <Button onPress={() => onAction({ is: 'move', rows: others })}>
          <FolderInput aria-hidden />
          {words.actions.move}
        </Button>
      )}
      {may('delete') && (
        <Button
          onPress={() =>
            onAction(versions.length > 0 ? { is: 'delete-versions', rows: versions } : { is: 'delete', rows })
          }
        >
          <Trash2 aria-hidden />
          {versions.length > 0 ? words.actions.deleteVersion : words.actions.delete}
        </Button>
      )}
      <Button weight="quiet" onPress={onClear}>
        <X aria-hidden />
        {words.clearSelection}
      </Button>
    </div>
  )
}
