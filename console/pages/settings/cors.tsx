import { Plus, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { childrenOf, childText, writeXml } from '../../api/s3/xml.ts'
import { deleteBucketDocument, putBucketDocument, useBucketDocument } from '../../data/bucket-documents.ts'
import { Button } from '../../parts/button.tsx'
import { Checkbox, TextField } from '../../parts/fields.tsx'
import { ErrorNote } from '../../parts/notes.tsx'
import { useSession } from '../../session/session-context.tsx'
import { texts } from '../../texts/texts.ts'
import { linesOf } from './lines.ts'
import { SettingForm } from './setting-form.tsx'

const words = texts.settings.cors
const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE']

interface Props {
  readonly bucket: string
  readonly region: string
}

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
export function CorsSetting({ bucket, region }: Props): ReactNode {
  const found = useBucketDocument({ bucket, region, name: 'cors' })
  if (found.isError) return <ErrorNote error={found.error} what={words.title} />
  if (found.data === undefined) return null
  const now = found.data ? childrenOf(found.data, 'CORSRule').map(ruleOf) : []
  return <Loaded key={JSON.stringify(now)} now={now} {...{ bucket, region }} />
}

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

function Loaded({ bucket, region, now }: Props & { readonly now: readonly Rule[] }): ReactNode {
  const { session } = useSession()
  const [rules, setRules] = useState(now)
  const place = { bucket, region, name: 'cors' } as const
  const change = (at: number, changed: Partial<Rule>): void =>
    setRules(rules.map((rule, number) => (number === at ? { ...rule, ...changed } : rule)))
  return (
    <SettingForm
      id="cors"
      title={words.title}
      says={rules.length === 0 ? words.none : words.says}
      bucket={bucket}
      isChanged={JSON.stringify(rules) !== JSON.stringify(now)}
      isRefused={!rules.every(isWhole)}
      onSave={() =>
        rules.length === 0
          ? deleteBucketDocument(session, place)
          : putBucketDocument(session, place, documentOf(rules))
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
          <legend>{words.rule(at + 1)}</legend>
          <div className="rule-fields">
            <TextField
              label={words.origins}
              hint={words.originsHint}
              value={rule.origins}
              onChange={(origins) => change(at, { origins })}
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
                      change(at, {
                        methods: isOn
                          ? [...rule.methods, method]
                          : rule.methods.filter((each) => each !== method),
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
              onChange={(headers) => change(at, { headers })}
              rows={2}
              isCode
            />
            <TextField
              label={words.expose}
              value={rule.expose}
              onChange={(expose) => change(at, { expose })}
              rows={2}
              isCode
            />
            <TextField
              label={words.age}
              value={rule.age}
              onChange={(age) => change(at, { age })}
              inputMode="numeric"
            />
          </div>
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
