import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiError } from '../../api/api-error.ts'
import type { BucketAddress } from '../../api/s3/list-objects.ts'
import { DELETE_BATCH_MAX, deleteObjects, type NotDeleted } from '../../api/s3/objects.ts'
import { useRefreshObjects } from '../../data/objects.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { ErrorNote } from '../../parts/notes.tsx'
import { toast } from '../../parts/toasts.tsx'
import { useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { LeftBehind } from './left-behind.tsx'
import type { ObjectRow } from './rows.ts'
import { shownName } from '../../parts/shown-name.ts'

const words = texts.objects.versions

/** Deletes versions, for good. */
export function DeleteVersions({
  address,
  rows,
  onClose,
  onDone,
}: {
  readonly address: BucketAddress
  readonly rows: readonly ObjectRow[]
  readonly onClose: () => void
  readonly onDone: () => void
}): ReactNode {
  const { session } = useSession()
  const refresh = useRefreshObjects(address.bucket)
  const versions = rows.flatMap((row) => (row.kind === 'version' ? [row.object] : []))
  const remove = useMutation({
    mutationFn: async () => {
      const left: NotDeleted[] = []
      for (let at = 0; at < versions.length; at += DELETE_BATCH_MAX)
        left.push(...(await deleteObjects(session, address, versions.slice(at, at + DELETE_BATCH_MAX))))
      return left
    },
    onSuccess: (left) => {
      if (left.length > 0) return
      toast(words.deleted(versions.length))
      onDone()
      onClose()
    },
    onSettled: () => void refresh(),
  })
  const [first] = rows
  const title =
    versions.length === 1 && first
      ? words.deleteOne(shownName(first.name))
      : words.deleteMany(versions.length)
  const left = (remove.data ?? []).map(({ key, code, message }) => ({
    key,
    error: new ApiError(code, message),
  }))
  return (
    <Dialog title={title} isOpen onClose={onClose} role="alertdialog">
      <div className="stack">
        <p>{words.forGood}</p>
        <LeftBehind title={words.refused(left.length)} left={left} />
        {remove.isError && <ErrorNote what={words.deleteFailed} error={remove.error} />}
        <div className="form-actions">
          <Button onPress={onClose}>{left.length > 0 ? texts.close : texts.cancel}</Button>
          <Button
            weight="danger"
            isDisabled={remove.isPending || versions.length === 0}
            onPress={() => remove.mutate()}
          >
            {words.deleteAction(versions.length)}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
