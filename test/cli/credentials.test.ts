/** Where credentials come from beyond keys in files and the environment, each place played by a server of our own. */
import { describeCredentials } from './credentials-suite.ts'
import { CommandLab } from './run-lugsail.ts'

describeCredentials(new CommandLab())
