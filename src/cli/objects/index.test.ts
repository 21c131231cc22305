import { describeObjectCommands } from '../../../test/cli/object-suite.ts'
import { ObjectWorldInProcess } from '../../../test/cli/object-world-in-process.ts'

describeObjectCommands(new ObjectWorldInProcess())
