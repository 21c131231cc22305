import { childrenOf, childText, writeXml, type XmlValue } from '../../api/s3/xml.ts'

/** A lifecycle rule as it is typed: numbers of days as text, empty where nothing is deleted. */
export interface LifecycleRule {
  readonly id: string
  readonly isOn: boolean
  readonly prefix: string
  readonly days: string
  readonly oldDays: string
  readonly uploadDays: string
  /** The rule as it was read, where it has parts that the form does not have: it is written back as it is. */
  readonly other: XmlValue
}

/** What the form shows of a rule; a rule with anything else is another's work and stays as it is. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  ID: [],
  Status: [],
  Prefix: [],
  Filter: ['Prefix'],
  Expiration: ['Days'],
  NoncurrentVersionExpiration: ['NoncurrentDays'],
  AbortIncompleteMultipartUpload: ['DaysAfterInitiation'],
}

/** Reads the rules of a document. */
export const lifecycleRulesOf = (document: Element | null): readonly LifecycleRule[] =>
  document ? childrenOf(document, 'Rule').map(ruleOf) : []

function ruleOf(element: Element): LifecycleRule {
  const within = (name: string, inner: string): string => {
    const [child] = childrenOf(element, name)
    return (child && childText(child, inner)) ?? ''
  }
  return {
    id: childText(element, 'ID') ?? '',
    isOn: childText(element, 'Status') === 'Enabled',
    prefix: within('Filter', 'Prefix') || (childText(element, 'Prefix') ?? ''),
    days: within('Expiration', 'Days'),
    oldDays: within('NoncurrentVersionExpiration', 'NoncurrentDays'),
    uploadDays: within('AbortIncompleteMultipartUpload', 'DaysAfterInitiation'),
    other: isKnown(element) ? undefined : valueOf(element),
  }
}

const isKnown = (rule: Element): boolean =>
  [...rule.children].every((child) => {
    const inner = KNOWN[child.localName]
    return inner !== undefined && [...child.children].every(({ localName }) => inner.includes(localName))
  })

/** An element as a value that writes the same element; several children of a name are a list. */
function valueOf(element: Element): XmlValue {
  if (element.children.length === 0) return element.textContent
  const value: Record<string, XmlValue> = {}
  for (const name of new Set([...element.children].map(({ localName }) => localName)))
    value[name] = childrenOf(element, name).map(valueOf)
  return value
}

/** Writes the document of rules. */
export const lifecycleDocument = (rules: readonly LifecycleRule[]): string =>
  writeXml('LifecycleConfiguration', {
    Rule: rules.map(
      ({ id, isOn, prefix, days, oldDays, uploadDays, other }): XmlValue =>
        other ?? {
          ID: id === '' ? undefined : id,
          Filter: { Prefix: prefix },
          Status: isOn ? 'Enabled' : 'Disabled',
          Expiration: days === '' ? undefined : { Days: days },
          NoncurrentVersionExpiration: oldDays === '' ? undefined : { NoncurrentDays: oldDays },
          AbortIncompleteMultipartUpload: uploadDays === '' ? undefined : { DaysAfterInitiation: uploadDays },
        },
    ),
  })

/** Whether a rule can be saved: it deletes something, after whole days. */
export function isWholeRule({ days, oldDays, uploadDays, other }: LifecycleRule): boolean {
  if (other !== undefined) return true
  const given = [days, oldDays, uploadDays].filter((each) => each !== '')
  return given.length > 0 && given.every((each) => /^[1-9]\d{0,8}$/.test(each))
}
