import { Fragment, type ReactNode } from 'react'
import { serverNow } from '../../api/send.ts'
import { formatLastMoment } from '../../parts/formats.ts'
import type { KeyFacts } from '../../texts/key-sentence.ts'
import { texts } from '../../texts/texts.ts'

/** Stands around what somebody typed, in neither of which it can be. */
const MARK = '\u0001'

/** What a key may do, in one sentence; names and prefixes stand out. */
export function KeySentence({
  facts,
  who,
}: {
  readonly facts: KeyFacts
  /** What is told of as long as it has no name; "The key" when absent. */
  readonly who?: string
}): ReactNode {
  const sentence = texts.keySentence(facts, {
    quote: (text) => `${MARK}${text.replaceAll(MARK, '')}${MARK}`,
    time: formatLastMoment,
    now: serverNow(),
    who,
  })
  return (
    <p className="key-sentence">
      {sentence
        .split(MARK)
        .map((piece, at) =>
          at % 2 === 0 ? <Fragment key={at}>{piece}</Fragment> : <code key={at}>{piece}</code>,
        )}
    </p>
  )
}
