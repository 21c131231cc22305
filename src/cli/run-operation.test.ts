import { describe } from 'node:test'
import { testRecordedInProcess } from '../../test/parity/recorded-in-process.ts'

describe('a command line that cannot be is refused as by AWS CLI v1, before anything is sent', () =>
  testRecordedInProcess('refusals'))
