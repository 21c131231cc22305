import { useState, type ReactNode } from 'react'
import type { ObjectFacts } from '../../../api/s3/head-object.ts'
import type { ObjectAddress } from '../../../api/s3/objects.ts'
import { isReachableKey } from '../../../api/s3/request.ts'
import { Button } from '../../../parts/button.tsx'
import { formatBytes } from '../../../parts/formats.ts'
import { texts } from '../../../texts/texts.ts'
import { previewOf } from '../kinds.ts'
import { BlobPreview } from './blob-preview.tsx'
import { MediaPreview } from './media-preview.tsx'
import { TextPreview } from './text-preview.tsx'

const words = texts.objects.preview
/** Larger ones are loaded only when somebody wants it. */
const ASKS_ABOVE_BYTES = 5 * 1024 ** 2

/**
 * Shows an object. Its bytes reach the browser as a text, or under a type of ours in an element that runs nothing: whatever its Content-Type says, nothing of
 * it becomes a page or a script.
 */
export function Preview({
  address,
  facts,
}: {
  readonly address: ObjectAddress
  readonly facts: ObjectFacts
}): ReactNode {
  const [isWanted, setIsWanted] = useState(false)
  const found = previewOf(address.key, facts.headers['content-type'])
  if (!isReachableKey(address.key)) return <p className="preview-none muted">{words.unreachable}</p>
  if (!found || facts.size === 0)
    return <p className="preview-none muted">{facts.size === 0 ? words.empty : words.none}</p>
  if (facts.size > ASKS_ABOVE_BYTES && !isWanted)
    return (
      <div className="preview-none stack-tight">
        <p>{words.large(formatBytes(facts.size))}</p>
        <div>
          <Button onPress={() => setIsWanted(true)}>{words.showAnyway}</Button>
        </div>
      </div>
    )
  switch (found.kind) {
    case 'text':
    case 'json':
    case 'csv':
      return <TextPreview address={address} kind={found.kind} size={facts.size} />
    case 'video':
    case 'audio':
      return <MediaPreview address={address} kind={found.kind} type={found.type} />
    case 'image':
    case 'pdf':
      return <BlobPreview address={address} kind={found.kind} type={found.type} />
  }
}
