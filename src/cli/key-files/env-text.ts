import type { WrittenKey } from './written-key.ts'

/** The variables that every SDK reads. */
export const variablesOf = (key: WrittenKey): Readonly<Record<string, string>> => ({
  AWS_ACCESS_KEY_ID: key.accessKeyId,
  AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
  AWS_ENDPOINT_URL: key.endpointUrl,
  AWS_REGION: key.region,
  ...(key.caBundle !== undefined && { AWS_CA_BUNDLE: key.caBundle }),
})

/** Would go with another key. */
const GONE = ['AWS_SESSION_TOKEN']

/**
 * A file of variables, a line each, with those of the key in the place of its own: as shells, Docker and systemd read it. Values stand without quotes
 * where shells need none, since Docker takes quotes for a part of them.
 */
export function envText(text: string, key: WrittenKey): string {
  const variables = new Map(Object.entries(variablesOf(key)))
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/)
  const kept = lines.flatMap((line) => {
    const [, beginning = '', name = ''] = /^(\s*(?:export\s+)?)(\w+)=/.exec(line) ?? []
    const value = variables.get(name)
    if (value === undefined) return GONE.includes(name) ? [] : [line]
    variables.delete(name)
    return [`${beginning}${name}=${shellWord(value)}`]
  })
  const added = [...variables].map(([name, value]) => `${name}=${shellWord(value)}`)
  return `${[...kept, ...added].join('\n')}\n`
}

const shellWord = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
