/** Application keys as people type them, against a real server. */
import { builtRuns } from './built-runs.ts'
import { describeKeys } from './keys-suite.ts'

describeKeys(builtRuns)
