import { describeHabits } from '../../test/cli/habits-suite.ts'
import { CommandWorld } from '../../test/cli/command-world.ts'
import { executeInProcess } from '../../test/cli/run-in-process.ts'

describeHabits(new CommandWorld(executeInProcess, { isInProcess: true }))
