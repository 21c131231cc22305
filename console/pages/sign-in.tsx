import { useState, type ReactNode } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../parts/button.tsx'
import { Checkbox, SecretField, TextField } from '../parts/fields.tsx'
import { ErrorNote } from '../parts/notes.tsx'
import { Session } from '../session/session.ts'
import { texts } from '../texts/texts.ts'

const words = texts.signIn

/** Asks for an access key. */
export function SignIn({ onSignedIn }: { readonly onSignedIn: (session: Session) => void }): ReactNode {
  const [accessKeyId, setAccessKeyId] = useState('')
  const [secretAccessKey, setSecretAccessKey] = useState('')
  const [keepsForTab, setKeepsForTab] = useState(false)
  const [isWorking, setIsWorking] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const signIn = async (): Promise<void> => {
    setIsWorking(true)
    setError(null)
    try {
      // Spaces come along when keys are copied, and belong to none.
      onSignedIn(
        await Session.signIn({
          accessKeyId: accessKeyId.trim(),
          secretAccessKey: secretAccessKey.trim(),
          keepsForTab,
        }),
      )
    } catch (thrown) {
      setError(thrown)
      setIsWorking(false)
    }
  }
  const isReady = accessKeyId.trim() !== '' && secretAccessKey.trim() !== ''
  return (
    <div className="sign-in-card">
      <div className="brand">
        <img src="/-/console/icon.svg" alt="" />
        {texts.product}
      </div>
      <h1>{words.title}</h1>
      <Form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady && !isWorking) void signIn()
        }}
      >
        <TextField
          label={words.accessKeyId}
          value={accessKeyId}
          onChange={setAccessKeyId}
          autoComplete="username"
          isCode
          // The one thing to do on this page.
          autoFocus
        />
        <SecretField
          label={words.secretAccessKey}
          value={secretAccessKey}
          onChange={setSecretAccessKey}
          autoComplete="current-password"
        />
        <Checkbox isSelected={keepsForTab} onChange={setKeepsForTab} hint={words.keepHint}>
          {words.keep}.
        </Checkbox>
        {error !== null && <ErrorNote what={words.failed} error={error} />}
        <Button type="submit" weight="primary" isDisabled={!isReady || isWorking}>
          {isWorking ? words.working : words.action}
        </Button>
      </Form>
      {!isSecureContext && <p className="muted">{words.insecure}</p>}
      <p className="muted">{words.whereKeys}</p>
    </div>
  )
}
