import type { ReactNode } from 'react'
import { Snippet } from '../../parts/copying.tsx'
import { Empty } from '../../parts/notes.tsx'
import { texts } from '../../texts/texts.ts'

const COMMANDS = `lugsail create-bucket --bucket-name photos --bundle-id small_1_0
lugsail create-bucket-access-key --bucket-name photos
lugsail cp coast.jpg s3://photos/`

/** What the first page of a new account teaches. */
export const NoBuckets = (): ReactNode => (
  <Empty title={texts.buckets.empty.title}>
    <p>{texts.buckets.empty.text}</p>
    <Snippet text={COMMANDS} label={texts.buckets.empty.title} />
  </Empty>
)
