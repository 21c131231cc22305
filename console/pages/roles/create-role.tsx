import { useMutation } from '@tanstack/react-query'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Form } from 'react-aria-components'
import { serverNow } from '../../api/send.ts'
import { useSeenBuckets } from '../../data/buckets.ts'
import { KEYS_REGION } from '../../data/keys.ts'
import { useRefreshRoles } from '../../data/roles.ts'
import { Button } from '../../parts/button.tsx'
import { Sheet } from '../../parts/dialog.tsx'
import { Checkbox, ChoiceCards, SelectField, TextField } from '../../parts/fields.tsx'
import { ErrorNote } from '../../parts/notes.tsx'
import { toast } from '../../parts/toasts.tsx'
import { useOperation } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { Limits } from '../keys/create/limits.tsx'
import { KeySentence } from '../keys/sentence.tsx'
import { roleFaultsOf, roleInputOf, type RoleDraft, type RoleFaults } from './role-draft.ts'

const words = texts.roles.form
const ACCESSES = ['read', 'read-write', 'full'] as const
const SPANS = [
  { value: '900', label: words.spans.quarter },
  { value: '3600', label: words.spans.hour },
  { value: '14400', label: words.spans.four },
  { value: '43200', label: words.spans.half },
]

/** Makes a role. */
export const CreateRole = ({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean
  readonly onClose: () => void
}): ReactNode => (
  <Sheet title={words.title} isOpen={isOpen} onClose={onClose}>
    <CreateRoleForm onClose={onClose} />
  </Sheet>
)

function CreateRoleForm({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [draft, setDraft] = useState<RoleDraft>({
    name: '',
    access: 'read',
    mayDelete: true,
    buckets: null,
    prefixes: '',
    networks: '',
    end: 'never',
    day: '',
    sessionSeconds: 3_600,
    hasTrust: false,
    issuer: '',
    audience: 'lugsail',
    subjects: '',
  })
  const [isLimiting, setIsLimiting] = useState(false)
  const [isTried, setIsTried] = useState(false)
  const seen = useSeenBuckets()
  const operation = useOperation()
  const refresh = useRefreshRoles()
  const change = (changed: Partial<RoleDraft>): void => setDraft({ ...draft, ...changed })
  const input = roleInputOf(draft)
  const create = useMutation({
    mutationFn: async () => {
      await operation('CreateRole', input, { region: KEYS_REGION })
      await refresh()
    },
    onSuccess: () => {
      toast(words.done(draft.name))
      onClose()
    },
  })
  const found = roleFaultsOf(draft, serverNow())
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
        label={texts.keys.form.access}
        value={draft.access}
        onChange={(access) => change({ access })}
        options={ACCESSES.map((value) => ({ value, ...texts.keys.form.cards[value] }))}
      />
      <div className="limits-pair">
        <SelectField
          label={words.sessions}
          value={String(draft.sessionSeconds)}
          options={SPANS}
          onChange={(seconds) => change({ sessionSeconds: Number(seconds) })}
        />
      </div>
      <Trust draft={draft} onChange={change} faults={faults} />
      <div>
        <Button weight="quiet" aria-expanded={isLimiting} onPress={() => setIsLimiting(!isLimiting)}>
          {isLimiting ? <ChevronDown aria-hidden /> : <ChevronRight aria-hidden />}
          {texts.keys.form.more}
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
          <KeySentence facts={input} who={words.who} />
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

/** Who outside the account takes the role by a token. */
const Trust = ({
  draft,
  onChange,
  faults,
}: {
  readonly draft: RoleDraft
  readonly onChange: (changed: Partial<RoleDraft>) => void
  readonly faults: RoleFaults
}): ReactNode => (
  <div className="stack-tight limits">
    <Checkbox
      isSelected={draft.hasTrust}
      onChange={(hasTrust) => onChange({ hasTrust })}
      hint={words.trustHint}
    >
      {words.trust}.
    </Checkbox>
    {draft.hasTrust && (
      <>
        <TextField
          label={words.issuer}
          placeholder={words.issuerHint}
          value={draft.issuer}
          onChange={(issuer) => onChange({ issuer: issuer.trim() })}
          error={faults.issuer ? words.issuerBad : null}
        />
        <TextField
          label={words.audience}
          hint={words.audienceHint}
          value={draft.audience}
          onChange={(audience) => onChange({ audience: audience.trim() })}
          error={faults.audience ? words.trustBad : null}
        />
        <TextField
          label={words.subjects}
          hint={words.subjectsHint}
          rows={2}
          isCode
          value={draft.subjects}
          onChange={(subjects) => onChange({ subjects })}
          error={faults.subjects ? words.trustBad : null}
        />
      </>
    )}
  </div>
)
