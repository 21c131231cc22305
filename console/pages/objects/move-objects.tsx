import { useEffect, useRef, useState, type ReactNode } from 'react'
import { Form } from 'react-aria-components'
import { isAborted } from '../../api/api-error.ts'
import type { BucketAddress } from '../../api/s3/list-objects.ts'
import { useSeenBuckets } from '../../data/buckets.ts'
import { useRefreshObjects } from '../../data/objects.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Checkbox, SelectField, TextField } from '../../parts/fields.tsx'
import { formatBytes } from '../../parts/formats.ts'
import { ErrorNote, Skeleton } from '../../parts/notes.tsx'
import { toast } from '../../parts/toasts.tsx'
import { useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { LeftBehind } from './left-behind.tsx'
import { Progress } from './progress.tsx'
import type { ObjectRow } from './rows.ts'
import { baseName, folderOf, shownName } from '../../parts/shown-name.ts'
import { transferObjects, type TransferProgress } from './transfer-objects.ts'
import { useCount } from './use-count.ts'

const words = texts.objects.move

interface MoveObjectsProps {
  readonly address: BucketAddress
  readonly rows: readonly ObjectRow[]
  readonly how: 'copy' | 'move' | 'rename'
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Copies, moves or renames objects and folders. */
export function MoveObjects({ address, rows, how, onClose, onDone }: MoveObjectsProps): ReactNode {
  const [first] = rows
  const prefix = first ? folderOf(first.key) : ''
  const oldName = first ? baseName(first.key).replace(/\/$/, '') : ''
  const [name, setName] = useState(oldName)
  const [folder, setFolder] = useState(prefix)
  const [bucket, setBucket] = useState(address.bucket)
  const [mayReplace, setMayReplace] = useState(false)
  const { count, error: countError } = useCount(address, rows)
  const seen = useSeenBuckets()
  const work = useTransfer(address.bucket, bucket)
  const isRename = how === 'rename'
  const title = words.title[how](rows.length === 1 ? shownName(oldName) : words.items(rows.length))
  const target = isRename ? `${prefix}${name}` : withSlash(folder)
  const region = seen.data?.find((each) => each.name === bucket)?.region ?? address.region
  const isSamePlace = isRename ? name === oldName : bucket === address.bucket && target === prefix
  const isReady =
    count.isWhole && count.objects > 0 && !isSamePlace && !(isRename && /^\/*$/.test(name)) && !work.isRunning
  const close = (): void => {
    work.stop()
    onClose()
  }
  const start = async (): Promise<void> => {
    const keyOf = (key: string): string =>
      isRename && first
        ? first.kind === 'folder'
          ? `${withSlash(target)}${key.slice(first.key.length)}`
          : target
        : `${target}${key.slice(prefix.length)}`
    const isDone = await work.start({
      from: address,
      to: { bucket, region },
      rows,
      keyOf,
      isMove: how !== 'copy',
      mayReplace,
    })
    if (!isDone) return
    toast(words.done[how](count.objects))
    onDone()
    onClose()
  }
  const isIntoItself =
    !isRename &&
    bucket === address.bucket &&
    rows.some(({ kind, key }) => kind === 'folder' && target.startsWith(key))
  return (
    <Dialog title={title} isOpen onClose={close} isKept={work.isRunning}>
      <Form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady && !isIntoItself) void start()
        }}
      >
        {isRename ? (
          <TextField label={words.newName} value={name} onChange={setName} autoFocus />
        ) : (
          <>
            <SelectField
              label={words.bucket}
              value={bucket}
              onChange={setBucket}
              options={(seen.data ?? [address].map(({ bucket: only }) => ({ name: only }))).map((each) => ({
                value: each.name,
                label: each.name,
              }))}
            />
            <TextField
              label={words.folder}
              hint={words.folderHint}
              value={folder}
              onChange={setFolder}
              error={isIntoItself ? words.intoItself : null}
              autoFocus
            />
          </>
        )}
        <Checkbox isSelected={mayReplace} onChange={setMayReplace} hint={words.replaceHint}>
          {words.replace}.
        </Checkbox>
        {count.objects === 0 && !count.isWhole ? (
          <Skeleton width={40} />
        ) : (
          <p className="muted">
            {words.holds(count.objects, count.isWhole, formatBytes(count.bytes))}
            {how !== 'copy' && ` ${words.how}`}
          </p>
        )}
        {work.progress && (
          <Progress
            label={title}
            done={work.progress.done}
            all={count.objects}
            text={words.progress(work.progress.done, count.objects)}
          />
        )}
        {work.progress && (
          <LeftBehind title={words.left(work.progress.left.length)} left={work.progress.left} />
        )}
        {countError !== null && <ErrorNote what={words.failed} error={countError} />}
        {work.error !== null && <ErrorNote what={words.failed} error={work.error} />}
        <div className="form-actions">
          <Button onPress={close}>
            {work.isRunning ? words.stop : work.progress ? texts.close : texts.cancel}
          </Button>
          <Button type="submit" weight="primary" isDisabled={!isReady || isIntoItself}>
            {words.action[how](count.objects)}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}

const withSlash = (folder: string): string => {
  const clean = folder.replace(/^\/+/, '')
  return clean === '' || clean.endsWith('/') ? clean : `${clean}/`
}

interface Work {
  readonly progress: TransferProgress | null
  readonly isRunning: boolean
  readonly error: unknown
  /** Resolves with whether everything was done. */
  readonly start: (transfer: Parameters<typeof transferObjects>[1]) => Promise<boolean>
  readonly stop: () => void
}

function useTransfer(fromBucket: string, toBucket: string): Work {
  const { session } = useSession()
  const refreshFrom = useRefreshObjects(fromBucket)
  const refreshTo = useRefreshObjects(toBucket)
  const [progress, setProgress] = useState<TransferProgress | null>(null)
  const [isRunning, setIsRunning] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const controller = useRef(new AbortController())
  useEffect(() => () => controller.current.abort(), [])
  const start: Work['start'] = async (transfer) => {
    controller.current = new AbortController()
    setError(null)
    setIsRunning(true)
    let last: TransferProgress = { done: 0, left: [] }
    const tell = (now: TransferProgress): void => {
      last = now
      setProgress(now)
    }
    tell(last)
    try {
      await transferObjects(session, transfer, tell, controller.current.signal)
      return last.left.length === 0
    } catch (thrown) {
      if (!isAborted(thrown)) setError(thrown)
      return false
    } finally {
      setIsRunning(false)
      await refreshFrom()
      if (toBucket !== fromBucket) await refreshTo()
    }
  }
  return { progress, isRunning, error, start, stop: () => controller.current.abort() }
}
