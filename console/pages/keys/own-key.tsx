import type { ReactNode } from 'react'
import { Note } from '../../parts/notes.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { KeySentence } from './sentence.tsx'

const words = texts.keys.own

/** What somebody sees who may not manage keys: what the key at hand may do, and why there is no more. */
export function OwnKey({ bucket }: { readonly bucket: string }): ReactNode {
  const { caller } = useSession().session
  const facts =
    caller.callerType === 'application-key' || caller.callerType === 'role'
      ? caller
      : { name: caller.name, rights: ['full'], buckets: [bucket] }
  return (
    <>
      <PageHead title={words.title} />
      <div className="stack">
        <KeySentence facts={facts} />
        <Note>
          <p>{words.account}</p>
        </Note>
      </div>
    </>
  )
}
