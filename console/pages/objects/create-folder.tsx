import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { Form } from 'react-aria-components'
import type { BucketAddress } from '../../api/s3/list-objects.ts'
import { createFolder } from '../../api/s3/objects.ts'
import { useRefreshObjects } from '../../data/objects.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/fields.tsx'
import { ErrorNote } from '../../parts/notes.tsx'
import { navigate } from '../../routing/router.tsx'
import { useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { folderPlace } from './folder-view.ts'

const words = texts.objects.createFolder

/** Makes a folder, and goes there. */
export function CreateFolder({
  address,
  prefix,
  onClose,
}: {
  readonly address: BucketAddress
  readonly prefix: string
  readonly onClose: () => void
}): ReactNode {
  const [name, setName] = useState('')
  const { session } = useSession()
  const refresh = useRefreshObjects(address.bucket)
  const clean = name.trim().replace(/^\/+|\/+$/g, '')
  const create = useMutation({
    mutationFn: () => createFolder(session, { ...address, key: `${prefix}${clean}/` }),
    onSuccess: () => {
      onClose()
      navigate(folderPlace(address.bucket, { prefix: `${prefix}${clean}/` }))
      void refresh()
    },
  })
  return (
    <Dialog title={words.title} isOpen onClose={onClose}>
      <Form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (clean !== '' && !create.isPending) create.mutate()
        }}
      >
        <TextField label={words.name} hint={words.hint} value={name} onChange={setName} autoFocus />
        {create.isError && <ErrorNote what={words.failed} error={create.error} />}
        <div className="form-actions">
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button type="submit" weight="primary" isDisabled={clean === '' || create.isPending}>
            {words.action}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
