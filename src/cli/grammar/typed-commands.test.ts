import { describeCommandLine } from '../../../test/cli/command-line-suite.ts'
import { CommandWorld } from '../../../test/cli/command-world.ts'
import { executeInProcess } from '../../../test/cli/run-in-process.ts'

describeCommandLine(new CommandWorld(executeInProcess, { isInProcess: true }))
