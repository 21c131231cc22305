import type { ReactNode } from 'react'
import { Switch, TextField } from '../../parts/fields.tsx'
import { texts } from '../../texts/texts.ts'
import { isWholeRule, lifecycleDocument, lifecycleRulesOf, type LifecycleRule } from './lifecycle-rules.ts'
import { RulesSetting } from './rules-setting.tsx'

const words = texts.settings.lifecycle

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
export const LifecycleSetting = ({
  bucket,
  region,
}: {
  readonly bucket: string
  readonly region: string
}): ReactNode => (
  <RulesSetting<LifecycleRule>
    bucket={bucket}
    region={region}
    name="lifecycle"
    words={words}
    rulesOf={lifecycleRulesOf}
    documentOf={lifecycleDocument}
    newRule={NEW_RULE}
    isWhole={isWholeRule}
    legendOf={({ id }, number) => (id === '' ? words.rule(number) : id)}
    fieldsOf={(rule, change) =>
      rule.other === undefined ? (
        <RuleFields rule={rule} onChange={change} />
      ) : (
        <p className="muted">{words.other}</p>
      )
    }
  />
)

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
