import { Plus, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { deleteBucketDocument, putBucketDocument, useBucketDocument } from '../../data/bucket-documents.ts'
import { Button } from '../../parts/button.tsx'
import { Switch, TextField } from '../../parts/fields.tsx'
import { ErrorNote } from '../../parts/notes.tsx'
import { useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { isWholeRule, lifecycleDocument, lifecycleRulesOf, type LifecycleRule } from './lifecycle-rules.ts'
import { SettingForm } from './setting-form.tsx'

const words = texts.settings.lifecycle

interface Props {
  readonly bucket: string
  readonly region: string
}

const NEW_RULE: LifecycleRule = {
  id: '',
  isOn: true,
  prefix: '',
  days: '',
  oldDays: '',
  uploadDays: '7',
  other: undefined,
}

/** What is deleted by itself. */
export function LifecycleSetting({ bucket, region }: Props): ReactNode {
  const found = useBucketDocument({ bucket, region, name: 'lifecycle' })
  if (found.isError) return <ErrorNote error={found.error} what={words.title} />
  if (found.data === undefined) return null
  const now = lifecycleRulesOf(found.data)
  return <Loaded key={JSON.stringify(now)} now={now} {...{ bucket, region }} />
}

function Loaded({ bucket, region, now }: Props & { readonly now: readonly LifecycleRule[] }): ReactNode {
  const { session } = useSession()
  const [rules, setRules] = useState(now)
  const place = { bucket, region, name: 'lifecycle' } as const
  const change = (at: number, changed: Partial<LifecycleRule>): void =>
    setRules(rules.map((rule, number) => (number === at ? { ...rule, ...changed } : rule)))
  return (
    <SettingForm
      id="lifecycle"
      title={words.title}
      says={rules.length === 0 ? words.none : words.says}
      bucket={bucket}
      isChanged={JSON.stringify(rules) !== JSON.stringify(now)}
      isRefused={!rules.every(isWholeRule)}
      onSave={() =>
        rules.length === 0
          ? deleteBucketDocument(session, place)
          : putBucketDocument(session, place, lifecycleDocument(rules))
      }
      further={
        <Button weight="quiet" onPress={() => setRules([...rules, NEW_RULE])}>
          <Plus aria-hidden />
          {words.addRule}
        </Button>
      }
    >
      {rules.map((rule, at) => (
        <fieldset className="rule" key={at}>
          <legend>{rule.id === '' ? words.rule(at + 1) : rule.id}</legend>
          {rule.other === undefined ? (
            <RuleFields rule={rule} onChange={(changed) => change(at, changed)} />
          ) : (
            <p className="muted">{words.other}</p>
          )}
          <Button
            weight="icon"
            aria-label={words.removeRule(at + 1)}
            onPress={() => setRules(rules.filter((_, number) => number !== at))}
          >
            <X aria-hidden />
          </Button>
        </fieldset>
      ))}
    </SettingForm>
  )
}

function RuleFields({
  rule,
  onChange,
}: {
  readonly rule: LifecycleRule
  readonly onChange: (changed: Partial<LifecycleRule>) => void
}): ReactNode {
  const days = (name: 'days' | 'oldDays' | 'uploadDays'): ReactNode => (
    <TextField
      label={words[name]}
      value={rule[name]}
      onChange={(value) => onChange({ [name]: value })}
      inputMode="numeric"
    />
  )
  return (
    <div className="rule-fields">
      <TextField label={words.name} value={rule.id} onChange={(id) => onChange({ id })} />
      <TextField
        label={words.prefix}
        value={rule.prefix}
        onChange={(prefix) => onChange({ prefix })}
        isCode
      />
      {days('days')}
      {days('oldDays')}
      {days('uploadDays')}
      <Switch isSelected={rule.isOn} onChange={(isOn) => onChange({ isOn })}>
        {words.isOn}
      </Switch>
      {!isWholeRule(rule) && <p className="field-error">{words.bad}</p>}
    </div>
  )
}
