import { describeHabits } from './habits-suite.ts'
import { CommandLab } from './run-lugsail.ts'

describeHabits(new CommandLab())
