import { useState, type ReactNode } from 'react'
import { Button } from '../../parts/button.tsx'
import { CopyButton, CopyField, DownloadButton } from '../../parts/copying.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Note } from '../../parts/notes.tsx'
import { texts } from '../../texts/texts.ts'

const words = texts.accounts

/** A root key as it was made: its secret is in this one answer. */
export interface RootKey {
  readonly accountName: string
  readonly accessKeyId?: string
  readonly secretAccessKey?: string
}

/** Shows a new root key, this once. */
export function NewRootKey({
  made: { accountName, accessKeyId = '', secretAccessKey = '' },
  onClose,
}: {
  readonly made: RootKey
  readonly onClose: () => void
}): ReactNode {
  const [isTaken, setIsTaken] = useState(false)
  const [isSeen, setIsSeen] = useState(false)
  const [isWarned, setIsWarned] = useState(false)
  const take = (): void => setIsTaken(true)
  const profile = `[${accountName}]
aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${secretAccessKey}
endpoint_url = ${location.origin}
`
  return (
    <Dialog
      title={words.newKeyOf(accountName)}
      isOpen
      isKept={!isTaken}
      onClose={() => {
        if (isTaken || isWarned) onClose()
        else setIsWarned(true)
      }}
    >
      <div className="stack">
        <p>{words.once}</p>
        <dl className="facts">
          <dt>{texts.signIn.accessKeyId}</dt>
          <dd>
            <CopyField text={accessKeyId} label={texts.signIn.accessKeyId} />
          </dd>
          <dt>{texts.signIn.secretAccessKey}</dt>
          <dd className="row">
            <code>{isSeen ? secretAccessKey : '•'.repeat(secretAccessKey.length)}</code>
            <Button onPress={() => setIsSeen(!isSeen)}>{isSeen ? texts.hide : texts.show}</Button>
            <CopyButton text={secretAccessKey} label={texts.signIn.secretAccessKey} onCopied={take} />
          </dd>
        </dl>
        <div>
          <DownloadButton text={profile} fileName={`${accountName}.credentials`} onSaved={take} />
        </div>
        {isWarned && !isTaken && (
          <Note kind="warning">
            <p>{words.notTaken}</p>
          </Note>
        )}
        <div className="form-actions">
          <Button
            weight="primary"
            onPress={() => {
              if (isTaken || isWarned) onClose()
              else setIsWarned(true)
            }}
          >
            {isTaken ? words.kept : texts.close}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
