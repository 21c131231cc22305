import { describeCredentials } from '../../../test/cli/credentials-suite.ts'
import { CommandWorld } from '../../../test/cli/command-world.ts'
import { executeInProcess } from '../../../test/cli/run-in-process.ts'

describeCredentials(new CommandWorld(executeInProcess, { isInProcess: true }))
