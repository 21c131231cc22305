/** Keys that go into files and are never on a screen, against a real server. */
import { builtRuns } from './built-runs.ts'
import { describeKeyFiles } from './key-files-suite.ts'

describeKeyFiles(builtRuns)
