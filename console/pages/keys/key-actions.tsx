import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { namingOf, regionOf, useRefreshKeys, type Key, type KeyRef } from '../../data/keys.ts'
import { Button, LinkButton } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Menu } from '../../parts/menu.tsx'
import { ErrorNote } from '../../parts/notes.tsx'
import { toast } from '../../parts/toasts.tsx'
import { useOperation } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { DeleteKey } from './ending/delete-key.tsx'
import { RevokeKey } from './ending/revoke-key.tsx'
import { idsOf, nameOf, rotationPlace, type KeyPlaces } from './key-places.ts'

const words = texts.keys.state

/** What can be done with a key: rotate it, switch it off and on, revoke and delete it. */
export function KeyActions({
  keyRef,
  found,
  places,
  onDeleted,
}: {
  readonly keyRef: KeyRef
  readonly found: Key
  readonly places: KeyPlaces
  readonly onDeleted?: () => void
}): ReactNode {
  const [asked, setAsked] = useState<'off' | 'delete' | 'revoke' | null>(null)
  const name = nameOf(keyRef)
  const ids = idsOf(found)
  const status = useStatusChange(keyRef)
  const close = (): void => setAsked(null)
  return (
    <>
      <div className="row">
        <LinkButton href={rotationPlace(places)}>
          {found.retiringKey ? texts.keys.rotate.goOn : texts.keys.rotate.menu}
        </LinkButton>
        {found.status === 'Inactive' ? (
          <Button onPress={() => status.mutate('Active')}>{words.activate}</Button>
        ) : (
          <Button onPress={() => setAsked('off')}>{words.deactivate}</Button>
        )}
        <Menu
          label={texts.keys.actions(name)}
          entries={[
            {
              id: 'revoke',
              label: texts.keys.revoke.menu,
              isDanger: true,
              onAction: () => setAsked('revoke'),
            },
            {
              id: 'delete',
              label: texts.keys.remove.menu,
              isDanger: true,
              onAction: () => setAsked('delete'),
            },
          ]}
        />
      </div>
      {status.isError && asked === null && <ErrorNote what={words.failedOn(name)} error={status.error} />}
      <Dialog title={words.deactivateTitle(name)} isOpen={asked === 'off'} onClose={close}>
        <div className="stack">
          <p>{words.deactivateText}</p>
          {status.isError && <ErrorNote what={words.failedOff(name)} error={status.error} />}
          <div className="form-actions">
            <Button onPress={close}>{texts.cancel}</Button>
            <Button
              weight="primary"
              isDisabled={status.isPending}
              onPress={() => status.mutate('Inactive', { onSuccess: close })}
            >
              {words.deactivateAction(name)}
            </Button>
          </div>
        </div>
      </Dialog>
      {asked === 'delete' && (
        <DeleteKey keyRef={keyRef} ids={ids} onClose={close} {...(onDeleted && { onDeleted })} />
      )}
      {asked === 'revoke' && <RevokeKey keyRef={keyRef} ids={ids} onClose={close} />}
    </>
  )
}

/** Switches a key off or on. */
function useStatusChange(keyRef: KeyRef) {
  const operation = useOperation()
  const refresh = useRefreshKeys()
  return useMutation({
    mutationFn: async (status: 'Active' | 'Inactive') => {
      await operation('UpdateAccessKey', { ...namingOf(keyRef), status }, { region: regionOf(keyRef) })
      await refresh()
    },
    onSuccess: (_, status) => {
      const name = nameOf(keyRef)
      toast(status === 'Active' ? words.activated(name) : words.deactivated(name))
    },
  })
}
