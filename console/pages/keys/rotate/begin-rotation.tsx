import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { Form } from 'react-aria-components'
import { serverNow } from '../../../api/send.ts'
import { KEYS_REGION, namingOf, regionOf, useRefreshKeys, type Key, type KeyRef } from '../../../data/keys.ts'
import { Button } from '../../../parts/button.tsx'
import { ChoiceCards, SelectField, TextField } from '../../../parts/fields.tsx'
import { ErrorNote, Note } from '../../../parts/notes.tsx'
import { useOperation } from '../../../session/session-context.tsx'
import { useSeenBuckets } from '../../../data/buckets.ts'
import { texts } from '../../../texts/texts.ts'
import { dayOf } from '../create/key-draft.ts'
import { nameOf } from '../key-places.ts'
import type { MadeKey } from '../secret/secret-snippets.ts'
import { isGoodPlan, retirementOf, type Plan, type PlanDraft } from './retirement-plan.ts'

const words = texts.keys.rotate
const DAY_SECONDS = 24 * 60 * 60
const PLANS: readonly Plan[] = ['idle', 'day', 'self', 'now']
const IDLES = [
  { value: String(DAY_SECONDS), label: words.idles.day },
  { value: String(7 * DAY_SECONDS), label: words.idles.week },
  { value: String(30 * DAY_SECONDS), label: words.idles.month },
]

/** The first step of a rotation: when the old key stops, and the new one is made. */
export function BeginRotation({
  keyRef,
  found,
  isFull,
  onMade,
}: {
  readonly keyRef: KeyRef
  readonly found: Key
  /** Whether a bucket has no place for a key beside the old one. */
  readonly isFull: boolean
  readonly onMade: (made: MadeKey) => void
}): ReactNode {
  const [typed, setDraft] = useState<PlanDraft>({
    plan: 'idle',
    idleSeconds: DAY_SECONDS,
    day: dayOf(Date.now() + 7 * DAY_SECONDS * 1_000),
  })
  const draft: PlanDraft = isFull ? { ...typed, plan: 'now' } : typed
  const operation = useOperation()
  const refresh = useRefreshKeys()
  const seen = useSeenBuckets()
  const isGood = isGoodPlan(draft, serverNow())
  const rotate = useMutation({
    // What it gives has the secret, which no cache keeps.
    mutationFn: async () => {
      const { accessKey } = await operation(
        'RotateAccessKey',
        { ...namingOf(keyRef), ...retirementOf(draft) },
        { region: regionOf(keyRef) },
      )
      const bucket = keyRef.kind === 'bucket' ? keyRef.bucket : (found.buckets?.[0] ?? null)
      onMade({
        name: keyRef.kind === 'bucket' ? keyRef.bucket : nameOf(keyRef),
        accessKeyId: accessKey?.accessKeyId ?? '',
        secretAccessKey: accessKey?.secretAccessKey ?? '',
        endpoint: location.origin,
        region: seen.data?.find(({ name }) => name === bucket)?.region ?? KEYS_REGION,
        bucket,
      })
      await refresh()
    },
  })
  const plans = isFull ? PLANS.filter((plan) => plan === 'now') : PLANS
  return (
    <Form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (isGood && !rotate.isPending) rotate.mutate()
      }}
    >
      {isFull && (
        <Note kind="warning">
          <p>{words.full}</p>
        </Note>
      )}
      <ChoiceCards
        label={words.when}
        value={draft.plan}
        onChange={(plan) => setDraft({ ...draft, plan })}
        options={plans.map((value) => ({ value, ...words.plans[value] }))}
      />
      {draft.plan === 'idle' && (
        <div className="limits-pair">
          <SelectField
            label={words.idleFor}
            value={String(draft.idleSeconds)}
            options={IDLES}
            onChange={(seconds) => setDraft({ ...draft, idleSeconds: Number(seconds) })}
          />
        </div>
      )}
      {draft.plan === 'day' && (
        <div className="limits-pair">
          <TextField
            label={words.date}
            type="date"
            value={draft.day}
            onChange={(day) => setDraft({ ...draft, day })}
            error={isGood ? null : texts.keys.form.dayBad}
          />
        </div>
      )}
      {rotate.isError && <ErrorNote what={words.failed} error={rotate.error} />}
      <div>
        <Button
          type="submit"
          weight={draft.plan === 'now' ? 'danger' : 'primary'}
          isDisabled={rotate.isPending || !isGood}
        >
          {draft.plan === 'now' ? words.actionNow : words.action}
        </Button>
      </div>
    </Form>
  )
}
