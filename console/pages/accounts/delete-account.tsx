import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/fields.tsx'
import { ErrorNote } from '../../parts/notes.tsx'
import { toast } from '../../parts/toasts.tsx'
import { useOperation } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import type { Account } from './account.ts'

const words = texts.accounts

/** Deletes an account once its name was typed. */
export function DeleteAccount({
  account: { accountName = '' },
  onClose,
  onDeleted,
}: {
  readonly account: Account
  readonly onClose: () => void
  readonly onDeleted: () => void
}): ReactNode {
  const [typed, setTyped] = useState('')
  const operation = useOperation()
  const remove = useMutation({
    mutationFn: () => operation('DeleteAccount', { accountName }, { region: 'us-east-1' }),
    onSuccess: () => {
      toast(texts.deleteBucket.done(accountName))
      onDeleted()
      onClose()
    },
  })
  const isReady = typed === accountName && !remove.isPending
  return (
    <Dialog title={texts.deleteBucket.title(accountName)} isOpen onClose={onClose} role="alertdialog">
      <Form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) remove.mutate()
        }}
      >
        <p>{words.removeText}</p>
        <TextField
          label={texts.deleteBucket.confirm(accountName)}
          value={typed}
          onChange={setTyped}
          autoComplete="off"
          autoFocus
        />
        {remove.isError && <ErrorNote what={texts.deleteBucket.failed(accountName)} error={remove.error} />}
        <div className="form-actions">
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button type="submit" weight="danger" isDisabled={!isReady}>
            {texts.deleteBucket.action(accountName)}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
