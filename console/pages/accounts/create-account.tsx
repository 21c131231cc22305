import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/fields.tsx'
import { ErrorNote } from '../../parts/notes.tsx'
import { useOperation } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import type { RootKey } from './new-root-key.tsx'

const words = texts.accounts

interface Props {
  readonly isOpen: boolean
  readonly onClose: () => void
  /** Told of the root key, which is shown this once. */
  readonly onMade: (key: RootKey) => void
}

/** Makes an account. */
export const CreateAccount = (props: Props): ReactNode => (
  <Dialog title={words.create} isOpen={props.isOpen} onClose={props.onClose}>
    <CreateForm {...props} />
  </Dialog>
)

function CreateForm({ onClose, onMade }: Props): ReactNode {
  const [name, setName] = useState('')
  const operation = useOperation()
  const create = useMutation({
    mutationFn: () => operation('CreateAccount', { accountName: name }, { region: 'us-east-1' }),
    onSuccess: ({ rootKey }) => onMade({ accountName: name, ...rootKey }),
  })
  return (
    <Form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (name !== '' && !create.isPending) create.mutate()
      }}
    >
      <TextField label={words.name} hint={words.nameHint} value={name} onChange={setName} autoFocus />
      {create.isError && <ErrorNote what={words.notCreated(name)} error={create.error} />}
      <div className="form-actions">
        <Button onPress={onClose}>{texts.cancel}</Button>
        <Button type="submit" weight="primary" isDisabled={name === '' || create.isPending}>
          {words.create}
        </Button>
      </div>
    </Form>
  )
}
