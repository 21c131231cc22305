import { describeDriver } from '../../../test/cli/cosi-suite.ts'
import { CosiWorldInProcess } from '../../../test/cli/cosi-world-in-process.ts'

describeDriver(new CosiWorldInProcess())
