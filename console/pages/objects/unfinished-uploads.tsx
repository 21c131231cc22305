import { useMutation, useQuery } from '@tanstack/react-query'
import { FileClock } from 'lucide-react'
import { useRef, useState, type ReactNode } from 'react'
import type { BucketAddress } from '../../api/s3/list-objects.ts'
import { abortUpload, listUploads, type UnfinishedUpload } from '../../api/s3/uploads.ts'
import { OBJECTS, useRefreshObjects } from '../../data/objects.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { ErrorNote } from '../../parts/notes.tsx'
import { toast } from '../../parts/toasts.tsx'
import { Time } from '../../parts/values.tsx'
import { useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { currentUploads } from '../../uploads/current-uploads.ts'
import type { FileForKey } from '../../uploads/upload-queue.ts'
import { shownName } from '../../parts/shown-name.ts'

const words = texts.objects.unfinished
const SHOWN_MAX = 200

/** Tells of uploads below a folder that were begun and not completed, and are not on their way here; nothing when there are none. */
export function UnfinishedUploads({
  address,
  prefix,
  onFiles,
}: {
  readonly address: BucketAddress
  readonly prefix: string
  /** Takes a file with its whole key. */
  readonly onFiles: (files: readonly FileForKey[]) => void
}): ReactNode {
  const { session } = useSession()
  const [isOpen, setIsOpen] = useState(false)
  const found = useQuery({
    queryKey: [OBJECTS, address.bucket, 'uploads', prefix],
    queryFn: ({ signal }) => listUploads(session, address, prefix, signal),
  })
  const own = new Set(
    currentUploads()
      ?.summary()
      .items.flatMap(({ parts, state }) => (parts && state !== 'failed' ? [parts.uploadId] : [])),
  )
  // Who may not list them is not told of any.
  const uploads = found.data?.filter(({ uploadId }) => !own.has(uploadId)) ?? []
  if (uploads.length === 0 && !isOpen) return null
  return (
    <>
      <Button weight="quiet" onPress={() => setIsOpen(true)}>
        <FileClock aria-hidden />
        {words.open(uploads.length)}
      </Button>
      {isOpen && (
        <Dialog title={words.title} isOpen onClose={() => setIsOpen(false)}>
          <div className="stack">
            <p>{uploads.length === 0 ? words.none : words.text}</p>
            <ul className="unfinished">
              {uploads.slice(0, SHOWN_MAX).map((upload) => (
                <Unfinished key={upload.uploadId} upload={upload} address={address} onFiles={onFiles} />
              ))}
            </ul>
          </div>
        </Dialog>
      )}
    </>
  )
}

function Unfinished({
  upload,
  address,
  onFiles,
}: {
  readonly upload: UnfinishedUpload
  readonly address: BucketAddress
  readonly onFiles: (files: readonly FileForKey[]) => void
}): ReactNode {
  const { key, uploadId, startedAt } = upload
  const { session } = useSession()
  const refresh = useRefreshObjects(address.bucket)
  const input = useRef<HTMLInputElement>(null)
  const abort = useMutation({
    mutationFn: () => abortUpload(session, { ...address, key, uploadId }),
    onSuccess: async () => {
      toast(words.aborted(shownName(key)))
      await refresh()
    },
  })
  return (
    <li className="stack-tight">
      <div className="row-apart">
        <span>
          <bdi>{shownName(key)}</bdi>{' '}
          <span className="muted">
            {words.begun} <Time value={startedAt} />
          </span>
        </span>
        <span className="row">
          <input
            ref={input}
            type="file"
            hidden
            aria-label={words.goOnWith(shownName(key))}
            onChange={({ target }) => {
              const file = target.files?.[0]
              if (file) onFiles([{ file, key }])
              target.value = ''
            }}
          />
          <Button aria-label={words.goOnWith(shownName(key))} onPress={() => input.current?.click()}>
            {words.goOn}
          </Button>
          <Button
            weight="danger"
            aria-label={words.abortOf(shownName(key))}
            isDisabled={abort.isPending}
            onPress={() => abort.mutate()}
          >
            {words.abort}
          </Button>
        </span>
      </div>
      {abort.isError && <ErrorNote what={words.failed} error={abort.error} />}
    </li>
  )
}
