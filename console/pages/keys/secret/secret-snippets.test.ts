import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { secretSnippets, type MadeKey } from './secret-snippets.ts'

const made: MadeKey = {
  name: 'anna@work',
  accessKeyId: 'AKIAEXAMPLE',
  secretAccessKey: 'a/b+c$d"e',
  endpoint: 'https://store.example.org',
  region: 'eu-central-1',
  bucket: 'photos',
}
const textOf = (id: string): string => secretSnippets(made).find((each) => each.id === id)?.text ?? ''

describe('the settings with a new key in them', () => {
  it('name the key, its secret, the server and the region for each program', () => {
    for (const { id, text } of secretSnippets({ ...made, secretAccessKey: 'SECRET' }))
      for (const part of ['AKIAEXAMPLE', 'SECRET', 'https://store.example.org', 'eu-central-1'])
        assert.ok(text.includes(part), `${id}: ${part}`)
  })

  it('are saved under names without anything that a file system or a shell minds', () => {
    for (const { fileName } of secretSnippets(made)) assert.match(fileName, /^anna-work\.[a-z.]+$/)
  })

  it('quote a secret in the way of each language', () => {
    assert.match(textOf('env'), /^AWS_SECRET_ACCESS_KEY='a\/b\+c\$d"e'$/m)
    for (const id of ['boto3', 'javascript', 'go', 'terraform', 'kubernetes'])
      assert.ok(textOf(id).includes('"a/b+c$d\\"e"'), id)
  })

  it('give a Secret of Kubernetes a name that is a DNS label', () => {
    assert.match(textOf('kubernetes'), /^ {2}name: lugsail-anna-work$/m)
  })
})
