import { after, before, describe, it } from 'node:test'
import { ShownPrograms } from './shown.ts'

let shown: ShownPrograms
before(() => {
  shown = new ShownPrograms()
})
after(() => shown.folder.remove())

describe('what docs/testing-with-lugsail.md shows', () => {
  it('in JavaScript runs', () => {
    shown.run(process.execPath, ['--test', 'photos.test.mjs'], /^[#ℹ] pass 3$/m)
  })

  it('for pytest runs', (t) => {
    if (!shown.has('python3', '-c', 'import boto3, pytest')) return t.skip('no boto3 and pytest here')
    shown.run('python3', ['-m', 'pytest', '-q', '-p', 'no:cacheprovider'], /2 passed/)
  })
})
