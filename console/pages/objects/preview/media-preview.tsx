import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { ObjectAddress } from '../../../api/s3/objects.ts'
import { objectLink } from '../../../data/links.ts'
import { ErrorNote, Skeleton } from '../../../parts/notes.tsx'
import { useSession } from '../../../session/session-context.tsx'
import { texts } from '../../../texts/texts.ts'
import { baseName, shownName } from '../../../parts/shown-name.ts'
import { bytesKey } from './read-bytes.ts'

const words = texts.objects.preview
/** As long as a film may be paused. */
const LINK_SECONDS = 3_600

/** Film and sound, which the element fetches piece by piece as they are played: by a link that is signed here, and answered under our type. */
export function MediaPreview({
  address,
  kind,
  type,
}: {
  readonly address: ObjectAddress
  readonly kind: 'video' | 'audio'
  readonly type: string
}): ReactNode {
  const { session } = useSession()
  const [isBroken, setIsBroken] = useState(false)
  const link = useQuery({
    queryKey: bytesKey(address, 'link'),
    staleTime: (LINK_SECONDS / 2) * 1_000,
    queryFn: async () =>
      await objectLink(await session.signer(), address, {
        expiresSeconds: LINK_SECONDS,
        overrides: { 'response-content-type': type },
      }),
  })
  const name = shownName(baseName(address.key))
  if (link.isError) return <ErrorNote what={words.failed} error={link.error} />
  if (link.data === undefined) return <Skeleton width={40} lines={3} />
  if (isBroken) return <p className="preview-none muted">{words.broken}</p>
  const Element = kind
  return (
    <Element
      className="preview-media"
      src={link.data}
      controls
      preload="metadata"
      aria-label={name}
      onError={() => setIsBroken(true)}
    />
  )
}
