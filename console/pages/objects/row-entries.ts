import {
  Copy,
  Download,
  FolderDown,
  FolderInput,
  Pencil,
  Share2,
  TextCursorInput,
  Trash2,
  Undo2,
} from 'lucide-react'
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
  readonly onRestore: (row: ObjectRow) => void
}

/** What a line's menu offers: what the key at hand may do. */
export function rowEntries(
  row: ObjectRow,
  { may, onAction, onDownload, onRestore }: Offers,
): readonly MenuEntry[] {
  const rows = [row]
  const act = (is: Action['is']) => () => onAction({ is, rows })
  const hasBytes = row.kind === 'object' || (row.kind === 'version' && !row.object.isDeleteMarker)
  const isVersion = row.kind === 'version'
  const mayWrite = may('read') && may('write')
  const all: readonly (MenuEntry & { readonly isOffered: boolean })[] = [
    {
      id: 'restore',
      label: words.restore,
      icon: Undo2,
      isOffered: isRestorable(row) && (hasBytes ? mayWrite : may('delete')),
      onAction: () => onRestore(row),
    },
    {
      id: 'download',
      label: texts.download,
      icon: Download,
      isOffered: may('read') && hasBytes,
      onAction: () => onDownload(row),
    },
    {
      id: 'zip',
      label: words.zip,
      icon: FolderDown,
      isOffered: may('read') && row.kind === 'folder',
      onAction: act('zip'),
    },
    {
      id: 'share',
      label: words.share,
      icon: Share2,
      isOffered: may('read') && hasBytes,
      onAction: act('share'),
    },
    {
      id: 'edit',
      label: words.edit,
      icon: Pencil,
      isOffered: mayWrite && row.kind === 'object',
      onAction: act('edit'),
    },
    {
      id: 'rename',
      label: words.rename,
      icon: TextCursorInput,
      isOffered: mayWrite && may('delete') && !isVersion,
      onAction: act('rename'),
    },
    { id: 'copy', label: words.copy, icon: Copy, isOffered: mayWrite && !isVersion, onAction: act('copy') },
    {
      id: 'move',
      label: words.move,
      icon: FolderInput,
      isOffered: mayWrite && may('delete') && !isVersion,
      onAction: act('move'),
    },
    {
      id: 'delete',
      label: isVersion ? words.deleteVersion : words.delete,
      icon: Trash2,
      isDanger: true,
      isOffered: may('delete'),
      onAction: act(isVersion ? 'delete-versions' : 'delete'),
    },
  ]
  return all.filter(({ isOffered }) => isOffered)
}

/** Whether there is something to bring back: what is deleted, or an earlier version. */
const isRestorable = (row: ObjectRow): row is Extract<ObjectRow, { readonly kind: 'version' }> =>
  row.kind === 'version' && (row.object.isDeleteMarker ? row.object.isLatest : !row.object.isLatest)
