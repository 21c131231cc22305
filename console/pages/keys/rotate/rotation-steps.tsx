import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { serverNow } from '../../../api/send.ts'
import { regionOf, useKeyUses, type Key, type KeyRef } from '../../../data/keys.ts'
import { CopyField } from '../../../parts/copying.tsx'
import { ErrorNote, Skeleton } from '../../../parts/notes.tsx'
import { Time } from '../../../parts/values.tsx'
import { texts } from '../../../texts/texts.ts'
import { factsOf } from '../key-page.tsx'
import { nameOf, type KeyPlaces } from '../key-places.ts'
import type { MadeKey } from '../secret/secret-snippets.ts'
import { KeySentence } from '../sentence.tsx'
import { BeginRotation } from './begin-rotation.tsx'
import { handOverOf, waitingOf, type HandOver } from './hand-over.ts'
import { HandOverList } from './hand-over-list.tsx'
import { StopOld } from './stop-old.tsx'

const words = texts.keys.rotate
/** Gateways write down who used a key every few seconds. */
const REFETCH_MS = 5_000

/** The three steps: make, hand over, stop. */
export function RotationSteps({
  keyRef,
  places,
  found,
  isFull,
  onMade,
}: {
  readonly keyRef: KeyRef
  readonly places: KeyPlaces
  readonly found: Key
  readonly isFull: boolean
  readonly onMade: (made: MadeKey) => void
}): ReactNode {
  const { accessKeyId = '', retiringKey } = found
  const oldId = retiringKey?.accessKeyId
  const region = regionOf(keyRef)
  const options = { refetchMs: REFETCH_MS }
  const oldUses = useKeyUses([oldId ?? accessKeyId], region, options)
  const newUses = useKeyUses(oldId === undefined ? [] : [accessKeyId], region, options)
  const isKnown = oldUses.data !== undefined && (oldId === undefined || newUses.data !== undefined)
  const all = isKnown ? handOverOf(oldUses.data, newUses.data ?? [], serverNow()) : null
  const isMade = retiringKey !== undefined
  const isStopped = retiringKey?.retiredAt !== undefined
  return (
    <ol className="steps">
      <Step number={1} title={isMade ? words.made : words.steps.make} isDone={isMade} isCurrent={!isMade}>
        {isMade ? (
          <dl className="facts">
            <dt>{words.newId}</dt>
            <dd>
              <CopyField text={accessKeyId} label={`${words.newId} ${texts.keys.id}`} />
            </dd>
            <dt>{words.oldId}</dt>
            <dd>
              <code>{oldId}</code>
            </dd>
            <dt>{words.madeAt}</dt>
            <dd>
              <Time value={retiringKey.since} />
            </dd>
          </dl>
        ) : (
          <>
            <p>{words.intro}</p>
            <KeySentence facts={{ ...factsOf(found, keyRef), name: nameOf(keyRef) }} />
            <BeginRotation keyRef={keyRef} found={found} isFull={isFull} onMade={onMade} />
          </>
        )}
      </Step>
      <Step number={2} title={words.steps.hand} isDone={isStopped} isCurrent={isMade && !isStopped}>
        {isMade && !isStopped && <p>{words.handText}</p>}
        {oldUses.isError && <ErrorNote error={oldUses.error} onRetry={() => void oldUses.refetch()} />}
        {all ? <Users all={all} isMade={isMade} /> : !oldUses.isError && <Skeleton width={50} lines={3} />}
      </Step>
      <Step
        number={3}
        title={isStopped ? words.stopped : words.steps.stop}
        isDone={false}
        isCurrent={isStopped}
      >
        {isMade && <StopOld keyRef={keyRef} places={places} found={found} all={all} />}
      </Step>
    </ol>
  )
}

const Users = ({
  all,
  isMade,
}: {
  readonly all: readonly HandOver[]
  readonly isMade: boolean
}): ReactNode => (
  <div className="stack-tight">
    {(isMade || all.length > 0) && (
      <p aria-live="polite">
        <strong>{isMade ? words.waiting(waitingOf(all)) : words.users(all.length)}</strong>{' '}
        <span className="muted">{words.live}</span>
      </p>
    )}
    <HandOverList all={all} isMade={isMade} />
  </div>
)

const Step = ({
  number,
  title,
  isDone,
  isCurrent,
  children,
}: {
  readonly number: number
  readonly title: string
  readonly isDone: boolean
  readonly isCurrent: boolean
  readonly children: ReactNode
}): ReactNode => (
  <li className={isCurrent ? 'step step-current' : 'step'} aria-current={isCurrent ? 'step' : undefined}>
    <span className={isDone ? 'step-number step-done' : 'step-number'} aria-hidden>
      {isDone ? <Check className="icon" /> : number}
    </span>
    <div className="stack-tight">
      <h2>{title}</h2>
      {children}
    </div>
  </li>
)
