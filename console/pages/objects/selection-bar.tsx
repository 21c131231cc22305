import { FolderDown, Trash2, X } from 'lucide-react'
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
  return (
    <div className="row" role="toolbar" aria-label={words.selectionActions}>
      <strong role="status">{words.selected(rows.length)}</strong>
      {may('read') && (
        <Button onPress={() => onAction({ is: 'zip', rows })}>
          <FolderDown aria-hidden />
          {words.actions.zip}
        </Button>
      )}
      {may('delete') && (
        <Button onPress={() => onAction({ is: 'delete', rows })}>
          <Trash2 aria-hidden />
          {words.actions.delete}
        </Button>
      )}
      <Button weight="quiet" onPress={onClear}>
        <X aria-hidden />
        {words.clearSelection}
      </Button>
    </div>
  )
}
