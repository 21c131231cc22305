import { useEffect, useRef, useState, type ReactNode } from 'react'
import { isAborted } from '../../api/api-error.ts'
import type { BucketAddress } from '../../api/s3/list-objects.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { formatBytes, formatNumber } from '../../parts/formats.ts'
import { ErrorNote, Note, Skeleton } from '../../parts/notes.tsx'
import { toast } from '../../parts/toasts.tsx'
import { useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { Progress } from './progress.tsx'
import type { ObjectRow } from './rows.ts'
import { baseName, folderOf } from '../../parts/shown-name.ts'
import { useCount } from './use-count.ts'
import { canStreamToDisk, KEPT_BYTES_MAX, saveZip } from './zip.ts'

const words = texts.objects.zip

/** Downloads several objects, or folders, as one ZIP. */
export function DownloadZip({
  address,
  rows,
  onClose,
}: {
  readonly address: BucketAddress
  readonly rows: readonly ObjectRow[]
  readonly onClose: () => void
}): ReactNode {
  const { session } = useSession()
  const { count, error: countError } = useCount(address, rows)
  const [progress, setProgress] = useState<{ readonly objects: number; readonly bytes: number } | null>(null)
  const [leftOut, setLeftOut] = useState(0)
  const [error, setError] = useState<unknown>(null)
  const controller = useRef(new AbortController())
  useEffect(() => () => controller.current.abort(), [])
  const [first] = rows
  const prefix = first ? folderOf(first.key) : ''
  const stem = rows.length === 1 && first ? first.key : prefix
  const fileName = `${baseName(stem).replace(/\/$/, '') || address.bucket}.zip`
  const streams = canStreamToDisk()
  const isTooMuch = !streams && count.bytes > KEPT_BYTES_MAX
  const start = async (): Promise<void> => {
    controller.current = new AbortController()
    setError(null)
    setLeftOut(0)
    setProgress({ objects: 0, bytes: 0 })
    try {
      await saveZip(session, {
        address,
        rows,
        prefix,
        fileName,
        onProgress: (objects, bytes) => setProgress({ objects, bytes }),
        onLeftOut: () => setLeftOut((before) => before + 1),
        signal: controller.current.signal,
      })
      toast(words.done(fileName))
      onClose()
    } catch (thrown) {
      setProgress(null)
      if (!isAborted(thrown)) setError(thrown)
    }
  }
  const isRunning = progress !== null
  return (
    <Dialog title={words.title} isOpen onClose={onClose} isKept={isRunning}>
      <div className="stack">
        {count.objects === 0 && !count.isWhole ? (
          <Skeleton width={40} />
        ) : (
          <p>
            {words.holds(
              `${formatNumber(count.objects)}${count.isWhole ? '' : '+'}`,
              formatBytes(count.bytes),
            )}
          </p>
        )}
        <p className="muted">{streams ? words.streams : words.keeps(formatBytes(KEPT_BYTES_MAX))}</p>
        {isTooMuch && (
          <Note kind="warning">
            <p>{words.tooMuch(formatBytes(KEPT_BYTES_MAX))}</p>
            <p>
              <code>{`lugsail cp --recursive s3://${address.bucket}/${prefix} .`}</code>
            </p>
          </Note>
        )}
        {progress && (
          <Progress
            label={words.title}
            done={progress.bytes}
            all={count.bytes}
            text={words.progress(progress.objects, formatBytes(progress.bytes))}
          />
        )}
        {leftOut > 0 && <p className="muted">{words.leftOut(leftOut)}</p>}
        {countError !== null && <ErrorNote what={words.failed} error={countError} />}
        {error !== null && <ErrorNote what={words.failed} error={error} />}
        <div className="form-actions">
          <Button onPress={onClose}>{isRunning ? words.stop : texts.cancel}</Button>
          <Button
            weight="primary"
            isDisabled={
              isRunning || isTooMuch || (!count.isWhole && !streams) || (count.isWhole && count.objects === 0)
            }
            onPress={() => void start()}
          >
            {words.action(fileName)}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
