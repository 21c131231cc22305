// A reporter beside the one that people read: one line of JSON at the end, with how many tests passed, failed and were left out, and the files in which one failed: as sources, or
// below the folder of bundles where it is a process that did.
// A test that holds others is not counted, as they are.
import { relative } from 'node:path'

const placeOf = (file) => {
  const bundled = relative(process.env.LUGSAIL_TEST_BUNDLES, file)
  return bundled.startsWith('..') ? relative('.', file) : bundled.replace(/\.js$/, '.ts')
}

export default async function* reportCounts(events) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const failed = new Set()
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    // What holds a test fails with it.
    if (type === 'test:fail' && data.nesting === 0) failed.add(placeOf(data.file ?? data.name))
    if (data.details?.type === 'suite') continue
    if (type === 'test:fail') counts.failed += 1
    else if (data.skip !== undefined || data.todo !== undefined) counts.skipped += 1
    else counts.passed += 1
  }
  yield `${JSON.stringify({ counts, failed: [...failed].sort() })}\n`
}
