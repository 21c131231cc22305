import type { ReactNode } from 'react'
import { childrenOf, childText, writeXml } from '../../api/s3/xml.ts'
import { Checkbox, TextField } from '../../parts/fields.tsx'
import { texts } from '../../texts/texts.ts'
import { linesOf } from './lines.ts'
import { RulesSetting } from './rules-setting.tsx'

const words = texts.settings.cors
const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE']

/** A rule as it is typed: lists are lines. */
interface Rule {
  readonly id: string | null
  readonly origins: string
  readonly methods: readonly string[]
  readonly headers: string
  readonly expose: string
  readonly age: string
}

const NEW_RULE: Rule = {
  id: null,
  origins: '',
  methods: ['GET', 'HEAD'],
  headers: '',
  expose: 'ETag',
  age: '',
}

/** What web pages of other origins may do. */
export const CorsSetting = ({
  bucket,
  region,
}: {
  readonly bucket: string
  readonly region: string
}): ReactNode => (
  <RulesSetting<Rule>
    bucket={bucket}
    region={region}
    name="cors"
    words={words}
    rulesOf={rulesOf}
    documentOf={documentOf}
    newRule={NEW_RULE}
    isWhole={isWhole}
    legendOf={(_, number) => words.rule(number)}
    fieldsOf={(rule, change) => <RuleFields rule={rule} onChange={change} />}
  />
)

const rulesOf = (document: Element | null): readonly Rule[] =>
  document ? childrenOf(document, 'CORSRule').map(ruleOf) : []

function ruleOf(element: Element): Rule {
  const texts = (name: string): string[] => childrenOf(element, name).map(({ textContent }) => textContent)
  return {
    id: childText(element, 'ID'),
    origins: texts('AllowedOrigin').join('\n'),
    methods: texts('AllowedMethod'),
    headers: texts('AllowedHeader').join('\n'),
    expose: texts('ExposeHeader').join('\n'),
    age: childText(element, 'MaxAgeSeconds') ?? '',
  }
}

const documentOf = (rules: readonly Rule[]): string =>
  writeXml('CORSConfiguration', {
    CORSRule: rules.map((rule) => ({
      ID: rule.id ?? undefined,
      AllowedOrigin: linesOf(rule.origins),
      AllowedMethod: rule.methods,
      AllowedHeader: linesOf(rule.headers),
      ExposeHeader: linesOf(rule.expose),
      MaxAgeSeconds: rule.age === '' ? undefined : rule.age,
    })),
  })

const isWhole = ({ origins, methods, age }: Rule): boolean =>
  linesOf(origins).length > 0 && methods.length > 0 && /^\d*$/.test(age)

const RuleFields = ({
  rule,
  onChange,
}: {
  readonly rule: Rule
  readonly onChange: (changed: Partial<Rule>) => void
}): ReactNode => (
  <div className="rule-fields">
    <TextField
      label={words.origins}
      hint={words.originsHint}
      value={rule.origins}
      onChange={(origins) => onChange({ origins })}
      rows={2}
      isCode
    />
    <div className="field" role="group" aria-label={words.methods}>
      <span className="field-label" aria-hidden>
        {words.methods}
      </span>
      <div className="row">
        {METHODS.map((method) => (
          <Checkbox
            key={method}
            isSelected={rule.methods.includes(method)}
            onChange={(isOn) =>
              onChange({
                methods: isOn ? [...rule.methods, method] : rule.methods.filter((each) => each !== method),
              })
            }
          >
            {method}
          </Checkbox>
        ))}
      </div>
    </div>
    <TextField
      label={words.headers}
      hint={words.headersHint}
      value={rule.headers}
      onChange={(headers) => onChange({ headers })}
      rows={2}
      isCode
    />
    <TextField
      label={words.expose}
      value={rule.expose}
      onChange={(expose) => onChange({ expose })}
      rows={2}
      isCode
    />
    <TextField label={words.age} value={rule.age} onChange={(age) => onChange({ age })} inputMode="numeric" />
  </div>
)
