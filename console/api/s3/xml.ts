interface Policies {
  readonly createPolicy: (
    name: string,
    rules: { readonly createHTML: (text: string) => string },
  ) => { readonly createHTML: (text: string) => string }
}

/** Where the browser knows Trusted Types, the page may give texts to a parser by this policy alone (src/server/console/console-headers.ts). */
const policy = (globalThis as { trustedTypes?: Policies }).trustedTypes?.createPolicy('lugsail-xml', {
  createHTML: (text) => text,
})

/** Reads a document of S3. Nothing of it is ever shown as markup: only its texts are taken out. Throws when it is none. */
export function parseXml(text: string): Element {
  const document = new DOMParser().parseFromString(policy?.createHTML(text) ?? text, 'application/xml')
  if (document.getElementsByTagName('parsererror').length > 0) throw new TypeError('the answer is no XML')
  return document.documentElement
}

/** The children of an element by name, in their order. */
export const childrenOf = (element: Element, name: string): Element[] =>
  [...element.children].filter(({ localName }) => localName === name)

/** The first element of a name, however deep; null when there is none. */
export const find = (element: Element, name: string): Element | null =>
  element.localName === name ? element : (element.getElementsByTagNameNS('*', name)[0] ?? null)

/** The text of the first element of a name, however deep; null when there is none. */
export const textOf = (element: Element, name: string): string | null =>
  find(element, name)?.textContent ?? null

/** The text of a child; null when there is none. */
export const childText = (element: Element, name: string): string | null =>
  childrenOf(element, name)[0]?.textContent ?? null

/** What a document is made of: a text, elements by name, or several of a name. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | { readonly [name: string]: XmlValue }
  | readonly XmlValue[]

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** Writes a document: a list repeats its element, and what is undefined is left out. */
export const writeXml = (name: string, value: XmlValue): string =>
  `<?xml version="1.0" encoding="UTF-8"?>${element(name, value, ` xmlns="${NAMESPACE}"`)}`

function element(name: string, value: XmlValue, attributes = ''): string {
  if (value === undefined) return ''
  if (isList(value)) return value.map((each) => element(name, each)).join('')
  const inner =
    typeof value === 'object'
      ? Object.entries(value)
          .map(([child, each]) => element(child, each))
          .join('')
      : escapeText(String(value))
  return `<${name}${attributes}>${inner}</${name}>`
}

const isList = (value: XmlValue): value is readonly XmlValue[] => Array.isArray(value)

/** Control characters are written as references, so that the parser does not change them. */
const escapeText = (text: string): string =>
  text.replace(/[&<>"'\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`)
