import { Fragment, type ReactNode } from 'react'

/** Stands around what somebody typed, in neither of which it can be. */
const MARK = '\u0001'

/** A sentence in which names that somebody gave stand out: `write` puts each through `quote`. */
export const MarkedText = ({
  write,
}: {
  readonly write: (quote: (text: string) => string) => string
}): ReactNode => (
  <p className="key-sentence">
    {write((text) => `${MARK}${text.replaceAll(MARK, '')}${MARK}`)
      .split(MARK)
      .map((piece, at) =>
        at % 2 === 0 ? <Fragment key={at}>{piece}</Fragment> : <code key={at}>{piece}</code>,
      )}
  </p>
)
