import type { ReactNode } from 'react'
import { Time } from '../../../parts/values.tsx'
import { texts } from '../../../texts/texts.ts'
import { userId } from '../key-users.ts'
import { agentName } from '../who-uses.tsx'
import type { HandOver, HandOverState } from './hand-over.ts'

const words = texts.keys.rotate
/** More are told by their number: whoever has as many looks at the key's own page. */
const SHOWN_MAX = 100

const STATES: Readonly<Record<HandOverState, { readonly style: string; readonly text: string }>> = {
  waiting: { style: 'badge badge-warning', text: words.stillOld },
  refused: { style: 'badge badge-danger', text: words.refusedNow },
  quiet: { style: 'badge', text: words.quiet },
  moved: { style: 'badge badge-good', text: words.moved },
  new: { style: 'badge badge-good', text: words.newUsers },
}

/** Who still uses the old key, and who has moved over. */
export function HandOverList({
  all,
  isMade,
}: {
  readonly all: readonly HandOver[]
  /** Whether there is a new key: before, nobody has anything to change. */
  readonly isMade: boolean
}): ReactNode {
  if (all.length === 0) return <p className="muted">{isMade ? words.nobodyYet : texts.keys.uses.none}</p>
  return (
    <ul className="hand-over" aria-label={words.steps.hand}>
      {all.slice(0, SHOWN_MAX).map((each) => {
        const { style, text } = STATES[each.state]
        return (
          <li key={userId(each)}>
            <span className="hand-over-who">
              <strong title={each.agent}>{agentName(each.agent)}</strong>
              <span className="muted">{each.address}</span>
            </span>
            <span className="hand-over-when">
              {isMade && <span className={style}>{text}</span>}
              {/* Beside “moved over”, a time is taken for that of the move. */}
              <Time
                value={(each.state === 'moved' ? each.lastNew : (each.lastOld ?? each.lastNew)) ?? undefined}
              />
            </span>
          </li>
        )
      })}
      {all.length > SHOWN_MAX && <li className="muted">{texts.keys.uses.more(all.length - SHOWN_MAX)}</li>}
    </ul>
  )
}
