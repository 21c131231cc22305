import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { serverNow } from '../../api/send.ts'
import { KEYS_REGION } from '../../data/keys.ts'
import { useRefreshRoles } from '../../data/roles.ts'
import { Sheet } from '../../parts/dialog.tsx'
import { Checkbox, SelectField, TextField } from '../../parts/fields.tsx'
import { toast } from '../../parts/toasts.tsx'
import { useOperation } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { EMPTY_DRAFT, RightsForm } from '../keys/create/rights-form.tsx'
import { roleFaultsOf, roleInputOf, type RoleDraft, type RoleFaults } from './role-draft.ts'

const words = texts.roles.form
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
    ...EMPTY_DRAFT,
    sessionSeconds: 3_600,
    hasTrust: false,
    issuer: '',
    audience: 'lugsail',
    subjects: '',
  })
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
  return (
    <RightsForm
      draft={draft}
      onChange={change}
      found={roleFaultsOf(draft, serverNow())}
      name={{ label: words.name, hint: words.nameHint, bad: words.nameBad }}
      facts={input}
      who={words.who}
      action={words.action(draft.name)}
      failure={create.isError ? { what: words.failed(draft.name), error: create.error } : null}
      isPending={create.isPending}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      {(faults) => (
        <>
          <div className="limits-pair">
            <SelectField
              label={words.sessions}
              value={String(draft.sessionSeconds)}
              options={SPANS}
              onChange={(seconds) => change({ sessionSeconds: Number(seconds) })}
            />
          </div>
          <Trust draft={draft} onChange={change} faults={faults} />
        </>
      )}
    </RightsForm>
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
