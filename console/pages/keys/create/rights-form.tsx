import { ChevronDown, ChevronRight } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Form } from 'react-aria-components'
import { useSeenBuckets } from '../../../data/buckets.ts'
import { Button } from '../../../parts/button.tsx'
import { ChoiceCards, TextField } from '../../../parts/fields.tsx'
import { ErrorNote } from '../../../parts/notes.tsx'
import type { KeyFacts } from '../../../texts/key-sentence.ts'
import { texts } from '../../../texts/texts.ts'
import { KeySentence } from '../sentence.tsx'
import type { Access, DraftFaults, KeyDraft } from './key-draft.ts'
import { Limits } from './limits.tsx'

const words = texts.keys.form
const ACCESSES: readonly Access[] = ['read', 'read-write', 'full']

/** What nothing was typed of yet. */
export const EMPTY_DRAFT: KeyDraft = {
  name: '',
  access: 'read',
  mayDelete: true,
  buckets: null,
  prefixes: '',
  networks: '',
  end: 'never',
  day: '',
}

/** A form for rights that have a name: what they allow, what limits them, and the sentence that all of it comes to. Faults are told once it was tried. */
export function RightsForm<F extends DraftFaults>({
  draft,
  onChange,
  found,
  name,
  facts,
  who,
  action,
  failure,
  isPending,
  onSubmit,
  onClose,
  children,
}: {
  readonly draft: KeyDraft
  readonly onChange: (changed: Partial<KeyDraft>) => void
  /** What is wrong with the draft now. */
  readonly found: F
  readonly name: { readonly label: string; readonly hint: string; readonly bad: string }
  /** What the sentence is made of. */
  readonly facts: KeyFacts
  /** As {@link KeySentence} has it. */
  readonly who?: string
  readonly action: string
  /** Null: nothing failed. */
  readonly failure: { readonly what: string; readonly error: unknown } | null
  readonly isPending: boolean
  /** Called with a draft that nothing is wrong with. */
  readonly onSubmit: () => void
  readonly onClose: () => void
  /** Fields between the rights and the limits, given the faults that are told. */
  readonly children?: (faults: Partial<F>) => ReactNode
}): ReactNode {
  const [isLimiting, setIsLimiting] = useState(false)
  const [isTried, setIsTried] = useState(false)
  const seen = useSeenBuckets()
  const faults: Partial<F> = isTried ? found : {}
  return (
    <Form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        setIsTried(true)
        if (found.buckets || found.day) setIsLimiting(true)
        if (Object.keys(found).length === 0 && !isPending) onSubmit()
      }}
    >
      <TextField
        label={name.label}
        hint={name.hint}
        value={draft.name}
        onChange={(typed) => onChange({ name: typed.trim() })}
        error={faults.name ? name.bad : null}
        autoComplete="off"
        autoFocus
      />
      <ChoiceCards
        label={words.access}
        value={draft.access}
        onChange={(access) => onChange({ access })}
        options={ACCESSES.map((value) => ({ value, ...words.cards[value] }))}
      />
      {children?.(faults)}
      <div>
        <Button weight="quiet" aria-expanded={isLimiting} onPress={() => setIsLimiting(!isLimiting)}>
          {isLimiting ? <ChevronDown aria-hidden /> : <ChevronRight aria-hidden />}
          {words.more}
        </Button>
      </div>
      {isLimiting && (
        <Limits
          draft={draft}
          onChange={onChange}
          faults={faults}
          buckets={seen.data?.map((bucket) => bucket.name) ?? null}
        />
      )}
      <div className="sheet-foot">
        {failure && <ErrorNote what={failure.what} error={failure.error} />}
        <div className="sentence-box" aria-live="polite">
          <KeySentence facts={facts} {...(who !== undefined && { who })} />
        </div>
        <div className="form-actions">
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button type="submit" weight="primary" isDisabled={isPending}>
            {action}
          </Button>
        </div>
      </div>
    </Form>
  )
}
