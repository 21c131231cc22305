import { describeKeyFiles } from '../../../test/cli/key-files-suite.ts'
import { runsInProcess } from '../../../test/cli/runs-in-process.ts'

describeKeyFiles(runsInProcess)
