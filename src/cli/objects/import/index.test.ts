import { describeImport } from '../../../../test/cli/import-suite.ts'
import { ImportWorldInProcess } from '../../../../test/cli/object-world-in-process.ts'

describeImport(new ImportWorldInProcess())
