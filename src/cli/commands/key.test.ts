import { describeKeys } from '../../../test/cli/keys-suite.ts'
import { runsInProcess } from '../../../test/cli/runs-in-process.ts'

describeKeys(runsInProcess)
