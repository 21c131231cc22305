import { useEffect, useRef, useState, type ReactNode } from 'react'
import { ApiError, isAborted } from '../../api/api-error.ts'
import type { BucketAddress } from '../../api/s3/list-objects.ts'
import { DELETE_BATCH_MAX, deleteObjects } from '../../api/s3/objects.ts'
import { useRefreshObjects, useVersioning } from '../../data/objects.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { formatBytes, formatNumber } from '../../parts/formats.ts'
import { ErrorNote, Skeleton } from '../../parts/notes.tsx'
import { toast } from '../../parts/toasts.tsx'
import { useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { eachObject } from './each-object.ts'
import { LeftBehind } from './left-behind.tsx'
import { Progress } from './progress.tsx'
import type { ObjectRow } from './rows.ts'
import { shownName } from '../../parts/shown-name.ts'
import { useCount } from './use-count.ts'

const words = texts.objects.remove

/** Deletes objects and folders with all that is in them, after saying how many these are. */
export function DeleteObjects({
  address,
  rows,
  onClose,
  onDeleted,
}: {
  readonly address: BucketAddress
  readonly rows: readonly ObjectRow[]
  readonly onClose: () => void
  readonly onDeleted: () => void
}): ReactNode {
  const { count, error: countError } = useCount(address, rows)
  const versioning = useVersioning(address)
  const refresh = useRefreshObjects(address.bucket)
  const work = useDeleting(address, rows)
  const [first] = rows
  const title = rows.length === 1 && first ? words.titleOne(shownName(first.name)) : words.title(rows.length)
  const close = (): void => {
    work.stop()
    onClose()
    if (work.isBegun) void refresh()
  }
  const start = async (): Promise<void> => {
    const isDone = await work.start()
    await refresh()
    if (!isDone) return
    toast(words.done(count.objects))
    onDeleted()
    onClose()
  }
  return (
    <Dialog title={title} isOpen onClose={close} role="alertdialog" isKept={work.isRunning}>
      <div className="stack">
        {count.objects === 0 && !count.isWhole ? (
          <Skeleton width={40} />
        ) : (
          <p>
            {count.isWhole
              ? words.holds(count.objects, formatBytes(count.bytes))
              : words.counting(`${formatNumber(count.objects)}+`)}
          </p>
        )}
        <p className="muted">{versioning.data === 'Enabled' ? words.keepsVersions : words.forGood}</p>
        {work.isBegun && (
          <Progress
            label={title}
            done={work.deleted}
            all={count.objects}
            text={words.progress(work.deleted)}
          />
        )}
        <LeftBehind title={words.refused(work.refused.length)} left={work.refused} />
        {countError !== null && <ErrorNote what={words.failed} error={countError} />}
        {work.error !== null && <ErrorNote what={words.failed} error={work.error} />}
        <div className="form-actions">
          <Button onPress={close}>
            {work.isRunning ? words.stop : work.isBegun ? texts.close : texts.cancel}
          </Button>
          <Button
            weight="danger"
            isDisabled={!count.isWhole || count.objects === 0 || work.isRunning}
            onPress={() => void start()}
          >
            {words.action(count.objects)}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

interface Deleting {
  readonly isBegun: boolean
  readonly isRunning: boolean
  readonly deleted: number
  readonly refused: readonly { readonly key: string; readonly error: ApiError }[]
  readonly error: unknown
  /** Resolves with whether everything was deleted. */
  readonly start: () => Promise<boolean>
  readonly stop: () => void
}

function useDeleting(address: BucketAddress, rows: readonly ObjectRow[]): Deleting {
  const { session } = useSession()
  const [isBegun, setIsBegun] = useState(false)
  const [isRunning, setIsRunning] = useState(false)
  const [deleted, setDeleted] = useState(0)
  const [refused, setRefused] = useState<Deleting['refused']>([])
  const [error, setError] = useState<unknown>(null)
  const controller = useRef(new AbortController())
  useEffect(() => () => controller.current.abort(), [])
  const start = async (): Promise<boolean> => {
    controller.current = new AbortController()
    const { signal } = controller.current
    setIsBegun(true)
    setIsRunning(true)
    setError(null)
    setDeleted(0)
    setRefused([])
    const all: Deleting['refused'][number][] = []
    try {
      for await (const objects of eachObject(session, address, rows, signal))
        for (let at = 0; at < objects.length; at += DELETE_BATCH_MAX) {
          const batch = objects.slice(at, at + DELETE_BATCH_MAX).map(({ key }) => ({ key }))
          const left = await deleteObjects(session, address, batch, signal)
          all.push(...left.map(({ key, code, message }) => ({ key, error: new ApiError(code, message) })))
          setDeleted((before) => before + batch.length - left.length)
          setRefused([...all])
        }
      return all.length === 0
    } catch (thrown) {
      if (!isAborted(thrown)) setError(thrown)
      return false
    } finally {
      setIsRunning(false)
    }
  }
  return { isBegun, isRunning, deleted, refused, error, start, stop: () => controller.current.abort() }
}
