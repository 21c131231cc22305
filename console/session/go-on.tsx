import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { SecretField } from '../parts/fields.tsx'
import { ErrorNote } from '../parts/notes.tsx'
import { texts } from '../texts/texts.ts'
import { currentUploads } from '../uploads/current-uploads.ts'
import { useSession } from './session-context.tsx'

const words = texts.goOn

/** Asks for the secret once more where a session is over: what is typed on the page stays, and uploads that wait for it go on. */
export function GoOn({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { session, signOut } = useSession()
  const queries = useQueryClient()
  const [secret, setSecret] = useState('')
  const again = useMutation({
    // A secret that was copied may have spaces around it.
    mutationFn: () => session.goOn(secret.trim()),
    onSuccess: () => {
      onClose()
      const uploads = currentUploads()
      if (uploads?.summary().stoppedBy) uploads.resume()
      void queries.invalidateQueries()
    },
  })
  return (
    <Dialog title={words.title} isOpen onClose={onClose}>
      <Form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (secret.trim() !== '' && !again.isPending) again.mutate()
        }}
      >
        <p>{words.text(session.accessKeyId)}</p>
        <SecretField
          label={texts.signIn.secretAccessKey}
          value={secret}
          onChange={setSecret}
          autoComplete="current-password"
          autoFocus
        />
        {again.isError && <ErrorNote what={texts.signIn.failed} error={again.error} />}
        <div className="form-actions">
          <Button onPress={signOut}>{words.another}</Button>
          <Button type="submit" weight="primary" isDisabled={secret.trim() === '' || again.isPending}>
            {words.action}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
