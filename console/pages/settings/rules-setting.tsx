import { Plus, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import {
  deleteBucketDocument,
  putBucketDocument,
  useBucketDocument,
  type DocumentPlace,
} from '../../data/bucket-documents.ts'
import { Button } from '../../parts/button.tsx'
import { ErrorNote } from '../../parts/notes.tsx'
import { useSession } from '../../session/session-context.tsx'
import { SettingForm } from './setting-form.tsx'

interface RulesSettingProps<R> {
  readonly bucket: string
  readonly region: string
  /** Of the document, and of the setting in the address of the page. */
  readonly name: DocumentPlace['name']
  readonly words: {
    readonly title: string
    readonly says: string
    readonly none: string
    readonly addRule: string
    readonly removeRule: (number: number) => string
  }
  /** Reads the rules of a document; null: there is none. */
  readonly rulesOf: (document: Element | null) => readonly R[]
  /** Writes the document of rules, of which there is one at least. */
  readonly documentOf: (rules: readonly R[]) => string
  readonly newRule: R
  /** Whether a rule can be saved. */
  readonly isWhole: (rule: R) => boolean
  readonly legendOf: (rule: R, number: number) => string
  readonly fieldsOf: (rule: R, change: (changed: Partial<R>) => void) => ReactNode
}

/** A setting that is a list of rules, kept in a document of the bucket. */
export function RulesSetting<R extends object>(props: RulesSettingProps<R>): ReactNode {
  const { bucket, region, name, words, rulesOf } = props
  const found = useBucketDocument({ bucket, region, name })
  if (found.isError) return <ErrorNote error={found.error} what={words.title} />
  if (found.data === undefined) return null
  const now = rulesOf(found.data)
  return <Loaded key={JSON.stringify(now)} now={now} {...props} />
}

function Loaded<R extends object>({
  bucket,
  region,
  name,
  now,
  words,
  documentOf,
  newRule,
  isWhole,
  legendOf,
  fieldsOf,
}: RulesSettingProps<R> & { readonly now: readonly R[] }): ReactNode {
  const { session } = useSession()
  const [rules, setRules] = useState(now)
  const place = { bucket, region, name }
  const change = (at: number, changed: Partial<R>): void =>
    setRules(rules.map((rule, number) => (number === at ? { ...rule, ...changed } : rule)))
  return (
    <SettingForm
      id={name}
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
        <Button weight="quiet" onPress={() => setRules([...rules, newRule])}>
          <Plus aria-hidden />
          {words.addRule}
        </Button>
      }
    >
      {rules.map((rule, at) => (
        <fieldset className="rule" key={at}>
          <legend>{legendOf(rule, at + 1)}</legend>
          {fieldsOf(rule, (changed) => change(at, changed))}
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
