import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { serverNow } from '../../../api/send.ts'
import { namingOf, regionOf, useKeyUses, useRefreshKeys, type KeyRef } from '../../../data/keys.ts'
import { Button } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { ErrorNote, Skeleton } from '../../../parts/notes.tsx'
import { toast } from '../../../parts/toasts.tsx'
import { useOperation } from '../../../session/session-context.tsx'
import { texts } from '../../../texts/texts.ts'
import { nameOf } from '../key-places.ts'
import { recentUsers } from '../key-users.ts'

const words = texts.keys.remove

/** Deletes a key, having said what stops and who used it last. */
export function DeleteKey({
  keyRef,
  ids,
  onClose,
  onDeleted,
}: {
  readonly keyRef: KeyRef
  readonly ids: readonly string[]
  readonly onClose: () => void
  readonly onDeleted?: () => void
}): ReactNode {
  const name = nameOf(keyRef)
  const uses = useKeyUses(ids, regionOf(keyRef))
  const operation = useOperation()
  const refresh = useRefreshKeys()
  const remove = useMutation({
    mutationFn: async () => {
      await operation('DeleteAccessKey', namingOf(keyRef), { region: regionOf(keyRef) })
    },
    onSuccess: () => {
      toast(words.done(name))
      onClose()
      onDeleted?.()
      void refresh()
    },
  })
  return (
    <Dialog title={words.title(name)} isOpen onClose={onClose} role="alertdialog">
      <div className="stack">
        <p>{words.text}</p>
        {uses.data ? (
          <p>
            <strong>{words.users(recentUsers(uses.data, serverNow()))}</strong> {words.instead}
          </p>
        ) : (
          !uses.isError && <Skeleton width={40} lines={2} />
        )}
        {uses.isError && <ErrorNote error={uses.error} />}
        {remove.isError && <ErrorNote what={words.failed(name)} error={remove.error} />}
        <div className="form-actions">
          <Button autoFocus onPress={onClose}>
            {texts.cancel}
          </Button>
          <Button weight="danger" isDisabled={remove.isPending} onPress={() => remove.mutate()}>
            {words.action(name)}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
