import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { serverNow } from '../../../api/send.ts'
import { namingOf, regionOf, useRefreshKeys, type Key, type KeyRef } from '../../../data/keys.ts'
import { Button } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { formatLastMoment, formatSpan } from '../../../parts/formats.ts'
import { ErrorNote } from '../../../parts/notes.tsx'
import { toast } from '../../../parts/toasts.tsx'
import { navigate } from '../../../routing/router.tsx'
import { bucketPlace } from '../../../routing/places.ts'
import { useOperation } from '../../../session/session-context.tsx'
import { texts } from '../../../texts/texts.ts'
import type { KeyPlaces } from '../key-places.ts'
import { readinessOf, waitingOf, type HandOver } from './hand-over.ts'

const words = texts.keys.rotate

/** The last step: how the old key stops by itself, or now, or that the rotation is taken back. */
export function StopOld({
  keyRef,
  places,
  found,
  all,
}: {
  readonly keyRef: KeyRef
  readonly places: KeyPlaces
  readonly found: Key
  /** Who used the old key and the new one; null: not known yet. */
  readonly all: readonly HandOver[] | null
}): ReactNode {
  const [asked, setAsked] = useState<'end' | 'back' | null>(null)
  const { retiringKey } = found
  const isStopped = retiringKey?.retiredAt !== undefined
  const isOff = retiringKey?.status === 'Inactive' && found.status !== 'Inactive'
  const change = useRotationChange(keyRef, places, found, () => setAsked(null))
  const close = (): void => setAsked(null)
  const readiness = all && readinessOf(all, serverNow())
  const isFree = readiness === 'idle' || readiness === 'moved'
  const told =
    all && (readiness === 'used' ? words.notReady(waitingOf(all)) : words.ready[readiness ?? 'idle'])
  return (
    <div className="stack-tight">
      <Plan found={found} />
      {isStopped ? (
        <p>{words.stoppedText}</p>
      ) : (
        told !== null && <p>{isFree ? <strong>{told}</strong> : told}</p>
      )}
      {change.isError && asked === null && <ErrorNote what={words.endFailed} error={change.error} />}
      <div className="row">
        {keyRef.kind === 'bucket' &&
          (isOff ? (
            <Button onPress={() => change.mutate('on')}>{words.on}</Button>
          ) : (
            <Button weight={isFree ? 'primary' : 'plain'} onPress={() => change.mutate('off')}>
              {words.off}
            </Button>
          ))}
        <Button
          weight={isFree && keyRef.kind === 'application' && !isStopped ? 'primary' : 'plain'}
          onPress={() => setAsked('end')}
        >
          {words.end}…
        </Button>
        {!isStopped && <Button onPress={() => setAsked('back')}>{words.back}…</Button>}
      </div>
      <Dialog title={words.end} isOpen={asked === 'end'} onClose={close} role="alertdialog">
        <div className="stack">
          <p>{words.endText}</p>
          {told !== null && !isStopped && (
            <p>
              <strong>{told}</strong>
            </p>
          )}
          {change.isError && <ErrorNote what={words.endFailed} error={change.error} />}
          <div className="form-actions">
            <Button autoFocus onPress={close}>
              {texts.cancel}
            </Button>
            <Button weight="danger" isDisabled={change.isPending} onPress={() => change.mutate('end')}>
              {words.end}
            </Button>
          </div>
        </div>
      </Dialog>
      <Dialog title={words.backTitle} isOpen={asked === 'back'} onClose={close} role="alertdialog">
        <div className="stack">
          <p>{words.backText}</p>
          {change.isError && <ErrorNote what={words.backFailed} error={change.error} />}
          <div className="form-actions">
            <Button autoFocus onPress={close}>
              {texts.cancel}
            </Button>
            <Button weight="danger" isDisabled={change.isPending} onPress={() => change.mutate('back')}>
              {words.back}
            </Button>
          </div>
        </div>
      </Dialog>
    </div>
  )
}

/** When the old key stops by itself, or is deleted. */
function Plan({ found: { retiringKey } }: { readonly found: Key }): ReactNode {
  const { until, retireWhenIdleSeconds, retiredAt, deletedAt } = retiringKey ?? {}
  if (retiredAt !== undefined)
    return deletedAt === undefined ? null : <p>{words.deletedBy(formatLastMoment(deletedAt))}</p>
  return (
    <>
      {retireWhenIdleSeconds !== undefined && <p>{words.byIdle(formatSpan(retireWhenIdleSeconds))}</p>}
      {until !== undefined && <p>{words.byDate(formatLastMoment(until))}</p>}
    </>
  )
}

/** Ends the old key, switches a bucket's off and on, or takes the rotation back. */
function useRotationChange(
  keyRef: KeyRef,
  places: KeyPlaces,
  { accessKeyId, retiringKey }: Key,
  onDone: () => void,
) {
  const operation = useOperation()
  const refresh = useRefreshKeys()
  const oldId = retiringKey?.accessKeyId
  return useMutation({
    mutationFn: async (step: 'end' | 'back' | 'off' | 'on') => {
      const options = { region: regionOf(keyRef) }
      const half = (id: string | undefined) => ({ ...namingOf(keyRef), accessKeyId: id })
      if (step === 'end') await operation('DeleteAccessKey', half(oldId), options)
      else if (step === 'back') await operation('DeleteAccessKey', half(accessKeyId), options)
      else
        await operation(
          'UpdateAccessKey',
          { ...half(oldId), status: step === 'on' ? 'Active' : 'Inactive' },
          options,
        )
    },
    onSuccess: async (_, step) => {
      // The other two have no question, and one that was opened meanwhile stays.
      if (step === 'end' || step === 'back') onDone()
      if (step === 'end') {
        toast(words.ended)
        // Here the next rotation would begin, as if this one had come to nothing.
        navigate(places.key, { replaces: true })
      }
      if (step === 'back') {
        toast(words.backDone)
        // The address of a bucket's key has its id, and that of the new one is gone.
        if (keyRef.kind === 'bucket' && oldId !== undefined)
          navigate(bucketPlace(keyRef.bucket, 'keys', oldId, 'rotate'), { replaces: true })
      }
      await refresh()
    },
  })
}
