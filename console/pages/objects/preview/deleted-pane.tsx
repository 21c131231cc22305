import { Undo2, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../../parts/button.tsx'
import { shownName } from '../../../parts/shown-name.ts'
import { Time } from '../../../parts/values.tsx'
import { texts } from '../../../texts/texts.ts'
import type { ObjectRow } from '../rows.ts'

const words = texts.objects.pane

type VersionRow = Extract<ObjectRow, { readonly kind: 'version' }>

/** Whether a line stands for a deletion. */
export const isMarker = (row: ObjectRow | undefined): row is VersionRow =>
  row?.kind === 'version' && row.object.isDeleteMarker

/** In the place of what was deleted: when that was, and how it comes back. */
export const DeletedPane = ({
  row,
  isInSheet,
  onClose,
  onRestore,
}: {
  readonly row: VersionRow
  /** As of `ObjectPane`. */
  readonly isInSheet: boolean
  readonly onClose: () => void
  readonly onRestore: ((row: ObjectRow) => void) | null
}): ReactNode => (
  <div className="pane">
    {!isInSheet && (
      <div className="pane-head">
        <h2>
          <bdi>{shownName(row.name)}</bdi>
        </h2>
        <Button weight="icon" aria-label={words.close} onPress={onClose}>
          <X aria-hidden />
        </Button>
      </div>
    )}
    <div className="pane-body">
      <p>
        {words.deleted} <Time value={row.object.modifiedAt} />. {words.earlierStay}
      </p>
      {onRestore && row.object.isLatest && (
        <div>
          <Button
            onPress={() => {
              onRestore(row)
              onClose()
            }}
          >
            <Undo2 aria-hidden />
            {texts.objects.actions.restore}
          </Button>
        </div>
      )}
    </div>
  </div>
)
