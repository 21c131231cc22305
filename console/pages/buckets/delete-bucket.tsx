import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { Form } from 'react-aria-components'
import { ApiError, toApiError } from '../../api/api-error.ts'
import { useRefreshBuckets } from '../../data/buckets.ts'
import { useUsage } from '../../data/usage.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Checkbox, TextField } from '../../parts/fields.tsx'
import { formatBytes } from '../../parts/formats.ts'
import { ErrorNote } from '../../parts/notes.tsx'
import { toast } from '../../parts/toasts.tsx'
import { accountPlace } from '../../routing/places.ts'
import { navigate } from '../../routing/router.tsx'
import { useOperation } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'

const words = texts.deleteBucket

/** Deletes a bucket once its name was typed. */
export function DeleteBucket({
  bucket,
  region,
  onClose,
}: {
  readonly bucket: string
  readonly region: string
  readonly onClose: () => void
}): ReactNode {
  const [typed, setTyped] = useState('')
  const [isForced, setIsForced] = useState(false)
  const operation = useOperation()
  const refresh = useRefreshBuckets()
  const remove = useMutation({
    mutationFn: async () => {
      await operation(
        'DeleteBucket',
        { bucketName: bucket, ...(isForced && { forceDelete: true }) },
        { region },
      )
    },
    onSuccess: async () => {
      toast(words.done(bucket))
      onClose()
      navigate(accountPlace('buckets'))
      await refresh()
    },
  })
  const usage = useUsage(bucket, region, 1)
  const isReady = typed === bucket && !remove.isPending
  return (
    <Dialog title={words.title(bucket)} isOpen onClose={onClose} role="alertdialog">
      <Form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) remove.mutate()
        }}
      >
        <p>{words.text}</p>
        {usage.data && usage.data.objects > 0 && (
          <p>
            <strong>{words.holds(usage.data.objects, formatBytes(usage.data.storedBytes))}</strong>
          </p>
        )}
        <TextField
          label={words.confirm(bucket)}
          value={typed}
          onChange={setTyped}
          autoComplete="off"
          autoFocus
        />
        <Checkbox isSelected={isForced} onChange={setIsForced} hint={words.forceHint}>
          {words.force}.
        </Checkbox>
        {remove.isError && <ErrorNote what={words.failed(bucket)} error={inWordsOfTheForm(remove.error)} />}
        <div className="form-actions">
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button type="submit" weight="danger" isDisabled={!isReady}>
            {words.action(bucket)}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}

/** The note itself says that it was not deleted. */
const NOT_DELETED = /^The bucket \S+ cannot be deleted: /
/** What the server tells programs to set is a box to tick here. */
const FORCE = /\s*Use forceDelete to delete it all the same\.$/

function inWordsOfTheForm(error: unknown): ApiError {
  const found = toApiError(error)
  if (!FORCE.test(found.message)) return found
  const { code, message, status, requestId } = found
  return new ApiError(code, message.replace(NOT_DELETED, '').replace(FORCE, ''), {
    status,
    requestId,
    hint: words.tickForce,
  })
}
