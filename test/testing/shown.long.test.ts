/** As shown.test.ts, for what takes its compiler a while. */
import { after, before, describe, it } from 'node:test'
import { ShownPrograms } from './shown.ts'

let shown: ShownPrograms
before(() => {
  shown = new ShownPrograms()
})
after(() => shown.folder.remove())

describe('what docs/testing-with-lugsail.md shows of compiled languages', () => {
  it('in Go runs', (t) => {
    if (!shown.has('go', 'version')) return t.skip('no go here')
    shown.write('go.mod', 'module photos\n\ngo 1.21\n')
    shown.run('go', ['test', './photos_test.go'], /^ok/m)
  })

  it('in Java runs', (t) => {
    if (!shown.has('java', '-version')) return t.skip('no java here')
    shown.run('java', ['LugsailServer.java'], /^111122223333$/m)
  })
})
