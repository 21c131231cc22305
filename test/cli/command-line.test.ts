import { describeCommandLine } from './command-line-suite.ts'
import { CommandLab } from './run-lugsail.ts'

describeCommandLine(new CommandLab())
