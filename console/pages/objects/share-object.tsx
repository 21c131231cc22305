import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { ObjectAddress } from '../../api/s3/objects.ts'
import { serverNow } from '../../api/send.ts'
import { objectLink } from '../../data/links.ts'
import { CopyButton } from '../../parts/copying.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { SelectField } from '../../parts/fields.tsx'
import { formatLastMoment } from '../../parts/formats.ts'
import { ErrorNote, Note, Skeleton } from '../../parts/notes.tsx'
import { useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { QrCode } from './qr-code.tsx'
import { baseName, shownName } from '../../parts/shown-name.ts'

const words = texts.objects.share
const HOUR_SECONDS = 3_600
const DAY_SECONDS = 24 * HOUR_SECONDS
/** As Signature Version 4 has it. */
const SECONDS_MAX = 7 * DAY_SECONDS
/** How long links may count, in seconds. */
const CHOICES = [HOUR_SECONDS, 12 * HOUR_SECONDS, DAY_SECONDS, 3 * DAY_SECONDS, SECONDS_MAX]

/** A link by which anybody reads one object, for a time. */
export function ShareObject({
  address,
  onClose,
}: {
  readonly address: ObjectAddress
  readonly onClose: () => void
}): ReactNode {
  const { session } = useSession()
  const [wanted, setWanted] = useState(DAY_SECONDS)
  const name = shownName(baseName(address.key))
  const link = useQuery({
    // A link that is signed counts from now: never one of before.
    gcTime: 0,
    staleTime: Infinity,
    queryKey: ['link', address.bucket, address.key, address.versionId ?? null, wanted],
    queryFn: async () => {
      const { signer, until } = await session.linkSigner()
      const now = serverNow()
      const possible = until === null ? SECONDS_MAX : Math.floor((until - now) / 1_000)
      const expiresSeconds = Math.max(1, Math.min(wanted, possible, SECONDS_MAX))
      return {
        url: await objectLink(signer, address, { expiresSeconds }),
        endsAt: now + expiresSeconds * 1_000,
        isCutShort: expiresSeconds < wanted,
        accessKeyId: session.accessKeyId,
      }
    },
  })
  return (
    <Dialog title={words.title(name)} isOpen onClose={onClose}>
      <div className="stack">
        <SelectField
          label={words.howLong}
          value={String(wanted)}
          onChange={(value) => setWanted(Number(value))}
          options={CHOICES.map((seconds) => ({
            value: String(seconds),
            label:
              seconds < DAY_SECONDS ? words.hours(seconds / HOUR_SECONDS) : words.days(seconds / DAY_SECONDS),
          }))}
        />
        {link.isError && <ErrorNote what={words.failed} error={link.error} />}
        {link.isPending && <Skeleton width={40} lines={8} />}
        {link.data && (
          <>
            <div className="share-link">
              <input
                className="input mono"
                readOnly
                aria-label={words.link}
                value={link.data.url}
                onFocus={({ target }) => target.select()}
              />
              <CopyButton text={link.data.url} label={words.link} />
            </div>
            {link.data.isCutShort && (
              <Note kind="warning">
                <p>{words.cutShort}</p>
              </Note>
            )}
            {isThisMachine(location.hostname) && (
              <Note kind="warning">
                <p>{words.onlyHere(location.host)}</p>
              </Note>
            )}
            <p>{words.who(name, formatLastMoment(link.data.endsAt))}</p>
            <p className="muted">{words.ends(link.data.accessKeyId)}</p>
            <QrCode text={link.data.url} label={words.qrCode(name)} />
          </>
        )}
      </div>
    </Dialog>
  )
}

const isThisMachine = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  hostname.startsWith('127.')
