import { Download, FolderDown, Trash2 } from 'lucide-react'
import type { MenuEntry } from '../../parts/menu.tsx'
import type { Doing } from '../../session/rights.ts'
import { texts } from '../../texts/texts.ts'
import type { Action } from './action-dialogs.tsx'
import type { ObjectRow } from './rows.ts'

const words = texts.objects.actions

interface Offers {
  readonly may: (doing: Doing) => boolean
  readonly onAction: (action: Action) => void
  readonly onDownload: (row: ObjectRow) => void
}

/** What a line's menu offers: what the key at hand may do. */
export function rowEntries(row: ObjectRow, { may, onAction, onDownload }: Offers): readonly MenuEntry[] {
  const entries: MenuEntry[] = []
  const rows = [row]
  if (may('read') && row.kind === 'folder')
    entries.push({
      id: 'zip',
      label: words.zip,
      icon: FolderDown,
      onAction: () => onAction({ is: 'zip', rows }),
    })
  if (may('read') && row.kind === 'object')
    entries.push({ id: 'download', label: texts.download, icon: Download, onAction: () => onDownload(row) })
  if (may('delete') && row.kind !== 'version')
    entries.push({
      id: 'delete',
      label: words.delete,
      icon: Trash2,
      isDanger: true,
      onAction: () => onAction({ is: 'delete', rows }),
    })
  return entries
}
