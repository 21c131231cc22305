import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import type { ObjectAddress } from '../../../api/s3/objects.ts'
import { ErrorNote, Skeleton } from '../../../parts/notes.tsx'
import { useSession } from '../../../session/session-context.tsx'
import { texts } from '../../../texts/texts.ts'
import { baseName, shownName } from '../../../parts/shown-name.ts'
import { bytesKey, readBytes } from './read-bytes.ts'

const words = texts.objects.preview

/** A picture or a PDF, by an address of the browser's own that carries our type for it. */
export function BlobPreview({
  address,
  kind,
  type,
}: {
  readonly address: ObjectAddress
  readonly kind: 'image' | 'pdf'
  readonly type: string
}): ReactNode {
  const { session } = useSession()
  const found = useQuery({
    queryKey: bytesKey(address, type),
    queryFn: async ({ signal }) => new Blob([await readBytes(session, address, { signal })], { type }),
  })
  const url = useObjectUrl(found.data)
  const [isBroken, setIsBroken] = useState(false)
  const name = shownName(baseName(address.key))
  if (found.isError) return <ErrorNote what={words.failed} error={found.error} />
  if (kind === 'pdf' && !navigator.pdfViewerEnabled)
    return <p className="preview-none muted">{words.noPdf}</p>
  if (url === null) return <Skeleton width={40} lines={6} />
  if (isBroken) return <p className="preview-none muted">{words.broken}</p>
  return kind === 'image' ? (
    <img className="preview-image" src={url} alt={name} onError={() => setIsBroken(true)} />
  ) : (
    <iframe className="preview-pdf" src={url} title={name} />
  )
}

/** An address for bytes, given back when they are not shown any more. */
function useObjectUrl(blob: Blob | undefined): string | null {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    if (!blob) return
    const made = URL.createObjectURL(blob)
    setUrl(made)
    return () => {
      URL.revokeObjectURL(made)
      setUrl(null)
    }
  }, [blob])
  return url
}
