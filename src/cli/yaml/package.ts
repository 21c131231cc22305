/**
 * The package that writes and reads YAML: the only file that imports it, bundled apart from the rest, since few commands need it. What goes
 * in and out is plain: classes of the rest are others here.
 */
import { Document, parse, Scalar } from 'yaml'

/** Version 1.1 is what readers of configuration files mostly know: it quotes the texts `yes`, `on` and dates. */
const DOCUMENT = { version: '1.1' } as const
const WRITING = { indentSeq: false, lineWidth: 0, singleQuote: true } as const

/** How much a document may repeat itself by aliases. */
const ALIASES_MAX = 100

/** Writes plain values as a document; maps keep their order. `commentOf` gives the comment of a member by its path, or none. */
export function writeDocument(value: unknown, commentOf?: (path: readonly string[]) => string): string {
  const document = new Document(value, DOCUMENT)
  if (commentOf) comment(document.contents, [], commentOf)
  return document.toString(WRITING)
}

/** A whole number that is written with a fraction all the same: `5.0`. */
export function wholeFloat(value: number): unknown {
  const scalar = new Scalar(value)
  scalar.minFractionDigits = 1
  return scalar
}

/** Reads a document, where `on` and `yes` are texts: maps for objects, bigints for integers. Throws an error that says where the text is no YAML. */
export function readDocument(text: string): unknown {
  return parse(text, { intAsBigInt: true, mapAsMap: true, maxAliasCount: ALIASES_MAX })
}

interface Node {
  readonly items?: readonly Node[]
  readonly key?: { readonly value?: unknown; comment?: string }
  readonly value?: Node | null
  comment?: string | null
}

function comment(
  node: unknown,
  path: readonly string[],
  commentOf: (path: readonly string[]) => string,
): void {
  for (const item of ((node ?? {}) as Node).items ?? []) {
    const { key, value } = item
    if (key === undefined || !value) {
      comment(item, path, commentOf)
      continue
    }
    const ownPath = [...path, String(key.value)]
    const text = commentOf(ownPath)
    if (text !== '' && value.items === undefined) value.comment = ` ${text}`
    else if (text !== '') key.comment = ` ${text}`
    comment(value, ownPath, commentOf)
  }
}
