import { useState, type ReactNode } from 'react'
import { Checkbox, SelectField, TextField } from '../../../parts/fields.tsx'
import { dayOf, type DraftFaults, type EndChoice, type KeyDraft } from './key-draft.ts'
import { texts } from '../../../texts/texts.ts'

const words = texts.keys.form
const DAY_MS = 24 * 60 * 60 * 1_000
/** Fewer are seen at once. */
const FILTER_FROM = 8

const ENDS: readonly { readonly value: EndChoice; readonly label: string }[] = [
  { value: 'never', label: words.ends.never },
  { value: '3600', label: words.ends.hour },
  { value: '86400', label: words.ends.day },
  { value: '604800', label: words.ends.week },
  { value: '2592000', label: words.ends.month },
  { value: '7776000', label: words.ends.quarter },
  { value: '31536000', label: words.ends.year },
  { value: 'day', label: words.ends.date },
]

interface LimitsProps {
  readonly draft: KeyDraft
  readonly onChange: (changed: Partial<KeyDraft>) => void
  readonly faults: DraftFaults
  /** Names of the buckets that there are; null while they are on their way. */
  readonly buckets: readonly string[] | null
}

/** What takes away from a key: folders, networks, its end, buckets. */
export const Limits = ({ draft, onChange, faults, buckets }: LimitsProps): ReactNode => (
  <div className="stack limits">
    {draft.access === 'read-write' && (
      <Checkbox
        isSelected={draft.mayDelete}
        onChange={(mayDelete) => onChange({ mayDelete })}
        hint={words.mayDeleteHint}
      >
        {words.mayDelete}.
      </Checkbox>
    )}
    <TextField
      label={words.prefixes}
      hint={words.prefixesHint}
      rows={2}
      isCode
      value={draft.prefixes}
      onChange={(prefixes) => onChange({ prefixes })}
    />
    <div className="limits-pair">
      <SelectField
        label={words.end}
        value={draft.end}
        options={ENDS}
        onChange={(end) =>
          onChange({ end, ...(end === 'day' && draft.day === '' && { day: dayOf(Date.now() + 7 * DAY_MS) }) })
        }
      />
      {draft.end === 'day' && (
        <TextField
          label={words.day}
          type="date"
          value={draft.day}
          onChange={(day) => onChange({ day })}
          error={faults.day ? words.dayBad : null}
        />
      )}
    </div>
    <TextField
      label={words.networks}
      hint={words.networksHint}
      rows={2}
      isCode
      value={draft.networks}
      onChange={(networks) => onChange({ networks })}
    />
    <BucketChoice draft={draft} onChange={onChange} faults={faults} buckets={buckets} />
  </div>
)

const ALL = 'all'
const SOME = 'some'

function BucketChoice({ draft, onChange, faults, buckets }: LimitsProps): ReactNode {
  const [text, setText] = useState('')
  const chosen = draft.buckets
  const shown = (buckets ?? []).filter((name) => name.includes(text.toLowerCase()))
  return (
    <div className="stack-tight">
      <SelectField
        label={words.buckets}
        value={chosen === null ? ALL : SOME}
        options={[
          { value: ALL, label: words.bucketsAll },
          { value: SOME, label: words.bucketsSome },
        ]}
        onChange={(which) => onChange({ buckets: which === ALL ? null : [] })}
      />
      {chosen !== null && (
        <>
          {(buckets?.length ?? 0) > FILTER_FROM && (
            <TextField label={words.bucketFilter} value={text} onChange={setText} />
          )}
          <div className="bucket-choice" role="group" aria-label={words.bucketsSome}>
            {buckets?.length === 0 && <span className="muted">{words.noBuckets}</span>}
            {shown.map((name) => (
              <Checkbox
                key={name}
                isSelected={chosen.includes(name)}
                onChange={(isChosen) =>
                  onChange({
                    buckets: isChosen ? [...chosen, name] : chosen.filter((each) => each !== name),
                  })
                }
              >
                {name}
              </Checkbox>
            ))}
          </div>
          {faults.buckets && <span className="field-error">{words.bucketsNone}</span>}
        </>
      )}
    </div>
  )
}
