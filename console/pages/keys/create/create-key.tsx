import { ChevronDown, ChevronRight } from 'lucide-react'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { Form } from 'react-aria-components'
import { serverNow } from '../../../api/send.ts'
import { useSeenBuckets } from '../../../data/buckets.ts'
import { KEYS_REGION, useRefreshKeys } from '../../../data/keys.ts'
import { Button } from '../../../parts/button.tsx'
import { Sheet } from '../../../parts/dialog.tsx'
import { ChoiceCards, TextField } from '../../../parts/fields.tsx'
import { ErrorNote } from '../../../parts/notes.tsx'
import { useOperation } from '../../../session/session-context.tsx'
import { texts } from '../../../texts/texts.ts'
import { KeySentence } from '../sentence.tsx'
import type { MadeKey } from '../secret/secret-snippets.ts'
import { faultsOf, inputOf, type Access, type KeyDraft } from './key-draft.ts'
import { Limits } from './limits.tsx'

const words = texts.keys.form
const ACCESSES: readonly Access[] = ['read', 'read-write', 'full']

interface CreateKeyProps {
  /** The bucket that it is made for; null: one chooses. */
  readonly bucket: string | null
  readonly onClose: () => void
  readonly onMade: (made: MadeKey) => void
}

/** Makes an application key: a name, what it may do, what limits it, and the sentence that all of it comes to. */
export const CreateKey = (props: CreateKeyProps & { readonly isOpen: boolean }): ReactNode => (
  <Sheet
    title={props.bucket === null ? words.title : words.titleIn(props.bucket)}
    isOpen={props.isOpen}
    onClose={props.onClose}
  >
    <CreateKeyForm {...props} />
  </Sheet>
)

function CreateKeyForm({ bucket, onClose, onMade }: CreateKeyProps): ReactNode {
  const [draft, setDraft] = useState<KeyDraft>({
    name: '',
    access: 'read',
    mayDelete: true,
    buckets: bucket === null ? null : [bucket],
    prefixes: '',
    networks: '',
    end: 'never',
    day: '',
  })
  const [isLimiting, setIsLimiting] = useState(false)
  const [isTried, setIsTried] = useState(false)
  const seen = useSeenBuckets()
  const operation = useOperation()
  const refresh = useRefreshKeys()
  const change = (changed: Partial<KeyDraft>): void => setDraft({ ...draft, ...changed })
  const input = inputOf(draft)
  const create = useMutation({
    // What it gives has the secret, which no cache keeps.
    mutationFn: async () => {
      const { accessKey } = await operation('CreateAccessKey', input, { region: KEYS_REGION })
      await refresh()
      const [first = null] = input.buckets ?? []
      onMade({
        name: draft.name,
        accessKeyId: accessKey?.accessKeyId ?? '',
        secretAccessKey: accessKey?.secretAccessKey ?? '',
        endpoint: location.origin,
        region: seen.data?.find(({ name }) => name === first)?.region ?? KEYS_REGION,
        bucket: first,
      })
    },
  })
  const found = faultsOf(draft, serverNow())
  const faults = isTried ? found : {}
  return (
    <Form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        setIsTried(true)
        if (found.buckets || found.day) setIsLimiting(true)
        if (Object.keys(found).length === 0 && !create.isPending) create.mutate()
      }}
    >
      <TextField
        label={words.name}
        hint={words.nameHint}
        value={draft.name}
        onChange={(name) => change({ name: name.trim() })}
        error={faults.name ? words.nameBad : null}
        autoComplete="off"
        autoFocus
      />
      <ChoiceCards
        label={words.access}
        value={draft.access}
        onChange={(access) => change({ access })}
        options={ACCESSES.map((value) => ({ value, ...words.cards[value] }))}
      />
      <div>
        <Button weight="quiet" aria-expanded={isLimiting} onPress={() => setIsLimiting(!isLimiting)}>
          {isLimiting ? <ChevronDown aria-hidden /> : <ChevronRight aria-hidden />}
          {words.more}
        </Button>
      </div>
      {isLimiting && (
        <Limits
          draft={draft}
          onChange={change}
          faults={faults}
          buckets={seen.data?.map(({ name }) => name) ?? null}
        />
      )}
      <div className="sheet-foot">
        {create.isError && <ErrorNote what={words.failed(draft.name)} error={create.error} />}
        <div className="sentence-box" aria-live="polite">
          <KeySentence facts={input} />
        </div>
        <div className="form-actions">
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button type="submit" weight="primary" isDisabled={create.isPending}>
            {words.action(draft.name)}
          </Button>
        </div>
      </div>
    </Form>
  )
}
