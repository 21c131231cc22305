import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { serverNow } from '../../../api/send.ts'
import { readPages } from '../../../api/read-pages.ts'
import { readKeyUses, regionOf, useRefreshKeys, type KeyRef } from '../../../data/keys.ts'
import { Button } from '../../../parts/button.tsx'
import { DownloadButton, Snippet } from '../../../parts/copying.tsx'
import { Dialog, Sheet } from '../../../parts/dialog.tsx'
import { ErrorNote, Note } from '../../../parts/notes.tsx'
import { useOperation, useSession } from '../../../session/session-context.tsx'
import { texts } from '../../../texts/texts.ts'
import { nameOf } from '../key-places.ts'
import { UseLine, UserTable } from '../who-uses.tsx'
import { reportText, type Revoked } from './report-text.ts'

const words = texts.keys.revoke
/** Uploads are ended page by page; so many pages are more than a key begins. */
const PAGES_MAX = 1_000

/** Revokes a key whose secret has leaked, and shows what it did. */
export function RevokeKey({
  keyRef,
  ids,
  onClose,
}: {
  readonly keyRef: KeyRef
  readonly ids: readonly string[]
  readonly onClose: () => void
}): ReactNode {
  const name = nameOf(keyRef)
  const [revoked, setRevoked] = useState<Revoked | null>(null)
  const operation = useOperation()
  const { session } = useSession()
  const refresh = useRefreshKeys()
  const region = regionOf(keyRef)
  const revoke = useMutation({
    mutationFn: async () => {
      const which = keyRef.kind === 'application' ? { name } : { accessKeyId: keyRef.accessKeyId }
      const { items: uploads } = await readPages(PAGES_MAX, async (pageToken) => {
        const answer = await operation('RevokeAccessKey', { ...which, pageToken }, { region })
        return { items: answer.abortedUploads, nextPageToken: answer.nextPageToken }
      })
      await refresh()
      const uses = (await Promise.all(ids.map((id) => readKeyUses(session, id, region)))).flat()
      setRevoked({ name, accessKeyIds: ids, at: serverNow(), uploads, uses })
    },
  })
  if (revoked)
    return (
      <Sheet title={words.done(name)} isOpen onClose={onClose}>
        <Report revoked={revoked} />
      </Sheet>
    )
  return (
    <Dialog title={words.title(name)} isOpen onClose={onClose} role="alertdialog">
      <div className="stack">
        <p>{words.text}</p>
        <ul className="bullets">
          {words.stops.map((stop) => (
            <li key={stop}>{stop}</li>
          ))}
        </ul>
        <p>{words.stays}</p>
        {revoke.isError && <ErrorNote what={words.failed(name)} error={revoke.error} />}
        <div className="form-actions">
          <Button autoFocus onPress={onClose}>
            {texts.cancel}
          </Button>
          <Button weight="danger" isDisabled={revoke.isPending} onPress={() => revoke.mutate()}>
            {words.action(name)}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

const Report = ({ revoked }: { readonly revoked: Revoked }): ReactNode => (
  <div className="stack">
    <Note>
      <p>
        {words.uploads(revoked.uploads.length)} {words.next}
      </p>
    </Note>
    <section className="stack-tight">
      <div className="row-apart">
        <h3>{words.report}</h3>
        <DownloadButton text={reportText(revoked)} fileName={`revoked-${revoked.name}.json`} />
      </div>
      <p className="muted">{words.reportText}</p>
      <UseLine uses={revoked.uses} />
      <UserTable uses={revoked.uses} />
    </section>
    <section className="stack-tight">
      <p className="muted">{words.rest}</p>
      <Snippet
        text={`lugsail key revoke ${revoked.name} --report leak.txt --audit-log lugsail-data/audit.log`}
        label={words.report}
      />
    </section>
  </div>
)
