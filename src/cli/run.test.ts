import { describe } from 'node:test'
import { testRecordedInProcess } from '../../test/parity/recorded-in-process.ts'

describe('a command line sends and shows what AWS CLI v1 does', () => testRecordedInProcess('calls'))
