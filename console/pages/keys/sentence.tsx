import type { ReactNode } from 'react'
import { serverNow } from '../../api/send.ts'
import { formatLastMoment } from '../../parts/formats.ts'
import { MarkedText } from '../../parts/marked-text.tsx'
import type { KeyFacts } from '../../texts/key-sentence.ts'
import { texts } from '../../texts/texts.ts'

/** What a key may do, in one sentence; names and prefixes stand out. */
export const KeySentence = ({
  facts,
  who,
}: {
  readonly facts: KeyFacts
  /** What is told of as long as it has no name; "The key" when absent. */
  readonly who?: string
}): ReactNode => (
  <MarkedText
    write={(quote) => texts.keySentence(facts, { quote, time: formatLastMoment, now: serverNow(), who })}
  />
)
